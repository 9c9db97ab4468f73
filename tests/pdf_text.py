"""The words of a PDF that Chromium printed, page by page: glyphs are read through the map that each font carries."""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", re.S)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)


def pages(content: bytes) -> list[str]:
    """What stands on each page, words without the spaces between them."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    return [_words(body, objects) for _number, body in sorted(objects.items()) if re.search(rb"/Type\s*/Page\b", body)]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    packed = found[1] if found else b""
    return zlib.decompress(packed) if b"FlateDecode" in body.partition(b"stream")[0] else packed


def _words(page: bytes, objects: dict[int, bytes]) -> str:
    fonts = {}
    for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", page):
        mapped = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        fonts[name] = _letters(_stream(objects[int(mapped[1])])) if mapped else {}
    found = re.search(rb"/Contents (\d+) 0 R", page)
    drawn = _stream(objects[int(found[1])]) if found else b""
    letters: dict[int, str] = {}
    said = []
    for font, glyphs in re.findall(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", drawn):
        if font:
            letters = fonts.get(font, {})
        else:
            said += [letters.get(int(glyphs[at : at + 4], 16), "") for at in range(0, len(glyphs), 4)]
    return "".join(said)


def _letters(cmap: bytes) -> dict[int, str]:
    """Which letter each glyph is."""
    found = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for glyph, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", part):
            found[int(glyph, 16)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", part):
            start = int(letter, 16)
            found |= {at: chr(start + at - int(first, 16)) for at in range(int(first, 16), int(last, 16) + 1)}
    return found
