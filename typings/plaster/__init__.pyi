from plaster.exceptions import (
    InvalidURI as InvalidURI,
    LoaderNotFound as LoaderNotFound,
    MultipleLoadersFound as MultipleLoadersFound,
    PlasterError as PlasterError,
)
from plaster.interfaces import (
    ILoader as ILoader,
    ILoaderFactory as ILoaderFactory,
    ILoaderInfo as ILoaderInfo,
)
from plaster.loaders import (
    find_loaders as find_loaders,
    get_loader as get_loader,
    get_sections as get_sections,
    get_settings as get_settings,
    setup_logging as setup_logging,
)
from plaster.uri import PlasterURL as PlasterURL, parse_uri as parse_uri
