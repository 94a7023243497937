import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of evaluation data, which is not part of the project."""
    folder = Path(os.environ.get("SYNDET_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no evaluation data in {folder}; set SYNDET_DATA")
    return folder
