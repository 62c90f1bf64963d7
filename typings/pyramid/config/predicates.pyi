from typing import Any

class not_:
    value: Any
    def __init__(self, value: Any) -> None: ...
