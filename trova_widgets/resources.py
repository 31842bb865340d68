"""Where the files are that travel with the library: notebooks, the demo's data, the page template."""

from pathlib import Path

from trova_widgets.errors import TrovaError

_PACKAGE = Path(__file__).parent


def share_folder(name: str) -> Path:
    """Return a folder of files that travel with the library.

    In an installed wheel they lie inside the package, in an editable checkout beside it.

    Parameters
    ----------
    name : str
        ``"notebooks"`` or ``"data"``.

    Returns
    -------
    Path
        The folder, which exists.

    Raises
    ------
    TrovaError
        When the installation is not whole.

    Examples
    --------
    >>> (share_folder("notebooks") / "dashboard.ipynb").is_file()
    True
    """
    for folder in (_PACKAGE / "_share" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise TrovaError(
        f"The folder {name!r} that travels with trova-widgets is missing from {_PACKAGE}; "
        f"install the package again: pip install --force-reinstall trova-widgets."
    )


def copy_notebooks(folder: Path) -> tuple[Path, ...]:
    """Copy the teaching notebooks into a folder, for somebody to work in.

    Parameters
    ----------
    folder : Path
        It is made where it is missing. What is there already stays as it is.

    Returns
    -------
    tuple of Path
        The copies that are new.

    Raises
    ------
    TrovaError
        When the folder cannot be written.
    """
    new = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for notebook in sorted(share_folder("notebooks").glob("[0-9]*.ipynb")):
            copy = folder / notebook.name
            if not copy.exists():
                copy.write_bytes(notebook.read_bytes())
                new.append(copy)
    except OSError as error:
        raise TrovaError(
            f"The notebooks cannot be copied to {folder}: {error.strerror}; name another folder."
        ) from error
    return tuple(new)
