from collections.abc import Mapping

class PlasterURL:
    scheme: str
    path: str
    options: dict[str, str]
    fragment: str
    def __init__(
        self,
        scheme: str,
        path: str = "",
        options: Mapping[str, str] | None = None,
        fragment: str = "",
    ) -> None: ...

def parse_uri(config_uri: str | PlasterURL) -> PlasterURL: ...
