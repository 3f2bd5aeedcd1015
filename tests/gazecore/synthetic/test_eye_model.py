"""The options of simulated eyes: defaults, the exact one, texts of the command line."""

from __future__ import annotations

import pytest

from gazecore.errors import InvalidSettingError
from gazecore.synthetic.eye_model import EXACT, EyeModel


def test_the_exact_model_hides_nothing() -> None:
    assert EXACT.is_exact
    assert not EyeModel().is_exact
    assert not EyeModel(noise_rms_deg=0.0, noise_std_deg=0.1).is_exact


def test_options_are_set_by_name() -> None:
    model = EyeModel().with_options(
        ["blinks=no", "noise-std-deg = .3", "clock_skew_ppm=-20", "lost_as_hole=YES"]
    )
    assert model == EyeModel(
        blinks=False, noise_std_deg=0.3, clock_skew_ppm=-20.0, lost_as_hole=True
    )
    assert model.with_options(["noise_std_deg=none"]).noise_std_deg is None
    assert EyeModel().with_options([]) == EyeModel()


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("tremor=1", "NAME=VALUE"),
        ("blinks", "yes or no"),
        ("blinks=maybe", "yes or no"),
        ("microsaccades_per_s=many", "a number"),
        ("microsaccades_per_s=50", "0 to 5"),
        ("noise_rms_deg=none", "a number"),
        ("noise_std_deg=0.01", "white noise"),
        ("dropout_share=nan", "0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_one_line(option: str, said: str) -> None:
    with pytest.raises(InvalidSettingError, match=said) as caught:
        EyeModel().with_options([option])
    assert "--eyes" in str(caught.value)
