"""The hash tree is that of RFC 6962, and a proof fits its own leaves, size and root alone."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.core import hash_tree

LEAVES = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes(range(0x60, 0x70))
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Those of the tests of Certificate Transparency, for the first leaf, the first two, and so on."""


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_that_others_compute(size: int) -> None:
    assert hash_tree.root(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_any_leaves_of_any_small_tree_are_proven_and_nothing_else_is() -> None:
    for size in range(1, 9):
        leaves, root = LEAVES[:size], hash_tree.root(LEAVES[:size])
        for chosen in (each for number in range(1, size + 1) for each in combinations(range(size), number)):
            shown, proof = {place: leaves[place] for place in chosen}, hash_tree.proof(leaves, chosen)
            assert hash_tree.proven(shown, size, proof) == root
            assert hash_tree.proven({**shown, chosen[0]: b"other"}, size, proof) != root
            assert hash_tree.proven(shown, size, [*proof, root]) is None
            if proof:
                assert hash_tree.proven(shown, size, proof[:-1]) is None
                assert hash_tree.proven(shown, size, [root, *proof[1:]]) != root
            if len(chosen) > 1:
                assert hash_tree.proven({place: leaves[place] for place in chosen[1:]}, size, proof) != root


@given(st.integers(1, 400), st.data())
def test_leaves_of_a_large_tree_are_proven_by_few_hashes(size: int, data: st.DataObject) -> None:
    leaves = [number.to_bytes(32) for number in range(size)]
    chosen = data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=5))
    proof = hash_tree.proof(leaves, sorted(chosen))
    assert hash_tree.proven({place: leaves[place] for place in chosen}, size, proof) == hash_tree.root(leaves)
    assert len(proof) <= len(chosen) * size.bit_length()


def test_what_is_no_tree_is_proven_by_nothing() -> None:
    for leaves, size in (({}, 3), ({3: b""}, 3), ({-1: b""}, 3), ({0: b""}, 0)):
        assert hash_tree.proven(leaves, size, []) is None
    with pytest.raises(IndexError, match="There is no such leaf"):
        hash_tree.proof(LEAVES, [8])
