"""Each frame is shown by its own window, rescaling and spacing, where the file gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from gazecore.dicom import display_table, open_image
from gazecore.dicom.functional_groups import bring_up

FRAMES = np.arange(2 * 48, dtype=np.uint16).reshape(2, 6, 8)


def _item(**elements: Any) -> Dataset:
    item = Dataset()
    for keyword, value in elements.items():
        setattr(item, keyword, value)
    return item


def _window(center: str, width: str, **more: Any) -> Dataset:
    window = _item(WindowCenter=center, WindowWidth=width, **more)
    return _item(FrameVOILUTSequence=[window])


def test_what_a_frame_says_rules(make_dicom: Any) -> None:
    shared = _item(
        PixelMeasuresSequence=[_item(PixelSpacing=["0.2", "0.1"])],
        PixelValueTransformationSequence=[_item(RescaleSlope="2", RescaleIntercept="1")],
        FrameVOILUTSequence=[_item(WindowCenter="1", WindowWidth="2")],
    )
    path = make_dicom(
        FRAMES[0],
        NumberOfFrames=2,
        PixelData=FRAMES.tobytes(),
        WindowCenter="7",
        WindowWidth="8",
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=[
            _window("30", "40"),
            _window("50", "60", VOILUTFunction="SIGMOID", WindowCenterWidthExplanation="B"),
        ],
    )
    first, second = (open_image(path, frame=n) for n in range(2))
    for image, window in ((first, (30, 40, "LINEAR")), (second, (50, 60, "SIGMOID"))):
        found = image.default_window
        assert (found.center, found.width, found.function) == window
        assert (image.slope, image.intercept, image.spacing_mm) == (2, 1, (0.2, 0.1))
        assert image.pixel_aspect == 2
    np.testing.assert_array_equal(second.stored, FRAMES[1])
    assert [preset.name for preset in second.windows] == ["B"]
    # sigmoid about modality value 50, that is 24.5 stored: 255 / 2 there
    table = display_table(second, second.default_window)
    assert table[24] <= 127 <= table[25]


def test_fewer_items_than_frames(make_dicom: Any) -> None:
    path = make_dicom(
        FRAMES[0],
        NumberOfFrames=2,
        PixelData=FRAMES.tobytes(),
        PerFrameFunctionalGroupsSequence=[_window("30", "40")],
    )
    assert open_image(path, frame=1).windows == ()


def test_laterality_of_a_frame() -> None:
    group = _item(FrameAnatomySequence=[_item(FrameLaterality="L")])
    dataset = _item(PerFrameFunctionalGroupsSequence=[group])
    bring_up(dataset, 0)
    assert dataset.ImageLaterality == "L"


def test_a_file_without_groups_stays_as_it_is() -> None:
    dataset = _item(WindowCenter="1")
    bring_up(dataset, 0)
    assert list(dataset.keys()) == list(_item(WindowCenter="1").keys())


def test_a_real_file_by_hand() -> None:
    """Intercept -1024, window 49/102 in its shared groups alone; pydicom's functions see neither.

    Stored 1100 is 76: ((76 - 48.5) / 101 + .5) 255 = 196.9 (PS3.3 C.11.2.1.2.1).
    """
    store = pytest.importorskip("data_store", reason="pydicom-data is not installed")
    path = Path(str(store.__file__)).parent / "data" / "eCT_Supplemental.dcm"
    if not path.exists():
        pytest.skip("pydicom's data came without this file")
    image = open_image(path)
    levels = display_table(image, image.default_window)
    # 1022 and 1123 are the ends of the window: -2 and 99
    assert levels[[0, 1021, 1022, 1024, 1073, 1100, 1122, 1123, 65535]].tolist() == [
        0, 0, 0, 5, 129, 197, 252, 255, 255
    ]  # fmt: skip
