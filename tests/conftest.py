import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data() -> Path:
    folder = Path(os.environ.get("SYNDET_DATA") or Path(__file__).parents[1] / ".." / "shared" / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"the collections are not at {folder}; set SYNDET_DATA to where they lie")
    return folder
