"""A browser that does not keep to its own page: the callbacks as they are declared, with ids that somebody chose."""

import re
from typing import Any

from playwright.sync_api import Page

_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Forger:
    """Calls callbacks with the session of `page`: what its person could send without Muster's own script."""

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address = page, address
        answer = page.request.get(f"{address}/_dash-dependencies", headers={"origin": address})
        self._declared: list[dict[str, Any]] = answer.json()

    def call(self, trigger: str, output: str, values: dict[str, Any]) -> tuple[int, str]:
        """The status and the body of the callback that `trigger` ("id.property") sets off and that writes `output`.

        `values` are those of its inputs and states by "id.property"; what is not named is null.
        """
        found = next(each for each in self._declared if output in each["output"] and trigger in _names(each["inputs"]))
        content = {
            "output": found["output"],
            "outputs": _outputs(found["output"]),
            "inputs": [part | {"value": values.get(_name(part))} for part in found["inputs"]],
            "state": [part | {"value": values.get(_name(part))} for part in found["state"]],
            "changedPropIds": [trigger],
            "parsedChangedPropsIds": [trigger.rsplit(".", 1)[0]],
        }
        answer = self._page.request.post(
            f"{self._address}/_dash-update-component", data=content, headers={"origin": self._address}
        )
        return answer.status, answer.text()

    def get(self, path: str) -> tuple[int, str]:
        """The status and the body of an address."""
        answer = self._page.request.get(f"{self._address}{path}")
        return answer.status, answer.text()

    def file(self, path: str) -> tuple[int, str]:
        """The same of a file, which is asked for by POST."""
        answer = self._page.request.post(f"{self._address}{path}", headers={"origin": self._address})
        return answer.status, answer.text()


def without_ids(answer: tuple[int, str]) -> tuple[int, str]:
    """An answer with every id in it struck out: two refusals are then equal if they tell the same."""
    return answer[0], _IDS.sub("an id", answer[1])


def _name(part: dict[str, Any]) -> str:
    return f"{part['id']}.{part['property']}"


def _names(parts: list[dict[str, Any]]) -> list[str]:
    return [_name(part) for part in parts]


def _outputs(text: str) -> Any:
    """The outputs as Dash's own script sends them: a list where there are several."""
    parts = text.strip(".").split("...") if text.startswith("..") else [text]
    made = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in parts]
    return made if text.startswith("..") else made[0]
