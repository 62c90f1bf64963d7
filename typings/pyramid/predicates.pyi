class RequestMethodPredicate:
    val: tuple[str, ...]
