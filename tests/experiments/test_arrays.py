import numpy as np
import pytest

from trova_widgets.errors import PlanError
from trova_widgets.experiments import DatasetArrays
from trova_widgets.fingerprinting import FingerprintRecipe, pack, signs


def arrays_of(stack: np.ndarray, size: int) -> DatasetArrays:
    return DatasetArrays(
        bits=np.stack([np.frombuffer(pack(bits), dtype=np.uint8) for bits in stack]),
        labels=np.arange(len(stack)) % 2,
        splits=np.array(["training", "validation"] * len(stack))[: len(stack)],
        classes=("a", "b"),
        size=size,
    )


@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("kind", ["one", "signed"])
def test_images_are_the_points_with_their_signs(size, kind, tmp_path):
    recipe = FingerprintRecipe(size=size, signs=kind)
    rng = np.random.default_rng(size)
    stack = rng.random((4, *recipe.shape)) < 0.1
    if kind == "signed":
        stack[..., 1::2] &= ~stack[..., ::2]
    arrays = arrays_of(stack, size)
    np.testing.assert_array_equal(arrays.images(), [signs(bits, recipe) for bits in stack])
    arrays.save(tmp_path / "arrays.npz")
    np.testing.assert_array_equal(DatasetArrays.load(tmp_path / "arrays.npz").images(), arrays.images())


def test_bytes_of_another_size_are_refused():
    with pytest.raises(PlanError, match=r"side 32 cannot have \(512,\) bytes"):
        arrays_of(np.zeros((2, 64, 64), dtype=bool), 32)
