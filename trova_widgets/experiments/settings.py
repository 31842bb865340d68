"""How a trial is trained: every setting of it, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from trova_widgets.errors import PlanError, TrovaError
from trova_widgets.space import SettingGroup, declared

Optimizer = Literal["adamw", "adam", "sgd"]
Schedule = Literal["one_cycle", "cosine", "constant"]
Precision = Literal["auto", "float32", "bfloat16"]
Augmentation = Literal["levelled", "all", "none"]
TestAugmentation = Literal["none", "neighbours", "all"]


@dataclass(frozen=True, kw_only=True)
class TrainingSettings(SettingGroup):
    """The settings of a training, ``training.<name>`` in the space of an experiment.

    Parameters
    ----------
    epochs : int
        How often the training set is gone through.
    batch_size : int
        Fingerprints a step. 32 keeps the maps of these networks in a processor's cache, which makes an epoch
        faster than with 128, and small batches also generalise at least as well (Masters and Luschi, 2018,
        arXiv 1804.07612).
    learning_rate : float
        The highest step size that the schedule reaches.
    weight_decay : float
        Pull of the weights to zero.
    optimizer : {"adamw", "adam", "sgd"}
        AdamW (Loshchilov and Hutter, 2019, arXiv 1711.05101), Adam, or descent with momentum 0.9.
    schedule : {"one_cycle", "cosine", "constant"}
        One rise and fall of the step size (Smith and Topin, 2018, arXiv 1708.07120), a fall along a cosine, or none.
    precision : {"auto", "float32", "bfloat16"}
        Numbers of the forward pass; weights are always float32. ``auto`` becomes, when a plan is made, bfloat16 where
        the processor multiplies it in hardware, and float32 elsewhere: an identity never stands for both. Experiments
        of older versions have kept the word.
    augmentation : {"levelled", "all", "none"}
        Which variants of the training records are trained on: see `choose_variants`.
    test_augmentation : {"none", "neighbours", "all"}
        Whether a record is told by its optimal variant alone, by the next ones down and up as well, or by all,
        whose probabilities are averaged by their logarithms (test-time augmentation). It makes up for what a network
        has not learnt of an onset or a cut-off that is a little wrong.
    members : int
        How many networks a trial trains, with other first values, other batches and other dropouts; they tell
        together, by the mean of the logarithms of their probabilities (Hansen and Salamon, 1990, doi 10.1109/34.58871;
        Lakshminarayanan et al., 2017, arXiv 1612.01474). What one network has learnt by chance the others have not, so
        that an ensemble is right more often, and surer of what it is right in; it takes as many times as long.

    Raises
    ------
    PlanError
        When a value is not allowed.

    Examples
    --------
    >>> TrainingSettings(epochs=5).epochs
    5
    """

    prefix: ClassVar[str] = "training"
    error: ClassVar[type[TrovaError]] = PlanError

    epochs: int = declared(
        15, "how often the training set is gone through", minimum=1, maximum=1000, reconnaissance="5, 10, 20, 40"
    )
    batch_size: int = declared(
        32, "fingerprints a step", minimum=1, maximum=4096, reconnaissance="16, 32, 64, 128", scale="logarithmic"
    )
    learning_rate: float = declared(
        2e-3,
        "highest step size of the schedule",
        minimum=1e-7,
        maximum=10,
        reconnaissance="0.0005, 0.002, 0.008",
        scale="logarithmic",
    )
    weight_decay: float = declared(
        1e-2, "pull of the weights to zero", minimum=0, maximum=10, reconnaissance="0, 0.001, 0.01, 0.1"
    )
    optimizer: Optimizer = declared("adamw", "how the weights are moved", choices=get_args(Optimizer))
    schedule: Schedule = declared("one_cycle", "how the step size changes", choices=get_args(Schedule))
    precision: Precision = declared("auto", "numbers of the forward pass", choices=get_args(Precision))
    augmentation: Augmentation = declared(
        "levelled",
        "which variants of the training records are trained on",
        choices=get_args(Augmentation),
        implied="levelled",
    )
    test_augmentation: TestAugmentation = declared(
        "none",
        "whether a record is told by its optimal variant alone, by its neighbours as well, or by all",
        choices=get_args(TestAugmentation),
        implied="none",
    )
    members: int = declared(
        1,
        "how many networks a trial trains, which tell together",
        minimum=1,
        maximum=100,
        reconnaissance="1, 3, 5",
        scale="logarithmic",
        implied=1,
    )
