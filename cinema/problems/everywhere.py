"""What any operation may answer: the request itself, who is calling, and the state of the server."""

from cinema.problems.cause import Cause

CAUSES = (
    # -- the request -----------------------------------------------------------------------------------------
    Cause(
        "bad-request",
        400,
        "Bad request",
        "The request cannot be understood, and there is no more precise code for why.",
        "Compare it with the documentation of the operation, correct it, and send it again.",
    ),
    Cause(
        "invalid",
        400,
        "Fields need attention",
        "Something in the body or in the query is missing, unknown or wrong. `errors` names every such field.",
        "Show each `message` beside its `field` and let the person correct it. Branch on the `code` of an entry, not "
        "on its sentence.",
    ),
    Cause(
        "malformed-json",
        400,
        "Malformed JSON",
        "The body is not JSON in UTF-8, or is JSON that readers disagree about: a key that stands twice, `NaN`, "
        "nesting without end. `detail` says what and where.",
        "Build the body with a JSON library instead of putting text together.",
    ),
    Cause(
        "not-an-object",
        400,
        "Not an object",
        "The body is JSON, but an array, a string or another single value.",
        "Send an object, `{…}`, with the fields of the operation.",
    ),
    Cause(
        "malformed-query",
        400,
        "Malformed query",
        "The query string has percent-encoding that is not UTF-8, or more parameters than any operation takes.",
        "Encode every name and value, for example with `URLSearchParams`.",
    ),
    Cause(
        "malformed-path",
        400,
        "Malformed path",
        "The path has percent-encoding that is not UTF-8.",
        "Encode every segment, for example with `encodeURIComponent`.",
    ),
    Cause(
        "too-large",
        413,
        "Body too large",
        "The body is larger than this server reads. `detail` says how much that is.",
        "Send less, in several requests if need be.",
    ),
    Cause(
        "precondition-failed",
        412,
        "Not as you knew it",
        "Somebody has changed the object since the caller got the tag that `If-Match` names. `current` is the object "
        "as it is now, `ETag` its tag. Without `current`: what was to be changed has no tag. Nothing was changed.",
        "Look at what is different, decide again, and send the change with the new tag.",
    ),
    Cause(
        "uri-too-long",
        414,
        "Address too long",
        "Path and query together have more characters than any address here. `detail` says how many there may be.",
        "Follow the addresses that answers give. Leave out what is no parameter of the operation.",
    ),
    Cause(
        "headers-too-large",
        431,
        "Headers too large",
        "The headers are larger than this server reads. `detail` says how much that is.",
        "Send one token, no cookies, and no headers that the operation does not know.",
    ),
    Cause(
        "unsupported-media-type",
        415,
        "Not sent as JSON",
        "There is a body, but its `Content-Type` is not `application/json` in UTF-8.",
        "Set `Content-Type: application/json`. `fetch` sends text as `text/plain` unless it is told so.",
    ),
    Cause(
        "idempotency-key-reused",
        422,
        "Key of another request",
        "The caller has used this `Idempotency-Key` within a day, at another address or with another body.",
        "Make a new key, such as a random UUID, for each thing to do, and keep it, with the body, for retries only.",
    ),
    Cause(
        "method-not-allowed",
        405,
        "Method not allowed",
        "There is something at this address, but not for this method.",
        "Use one of the methods in the `Allow` header.",
    ),
    Cause(
        "http-error",
        400,
        "HTTP error",
        "The web framework refused the request before it came to an operation. The status, which may be another than "
        "400, says why.",
        "Treat it as its status says: 4xx means to change the request, 5xx to try it again later.",
    ),
    # -- who is calling --------------------------------------------------------------------------------------
    Cause(
        "unauthenticated",
        401,
        "Not signed in",
        "The request carries no access token, and strangers may not do this.",
        "Sign in at `auth/login` and send `Authorization: Bearer <access token>`.",
    ),
    Cause(
        "token-expired",
        401,
        "Token expired",
        "The access token has outlived its few minutes. From `auth/refresh`: the session was not used for weeks, or "
        "has lasted as long as any may.",
        "Call `auth/refresh` once, with all other requests waiting, and repeat them with the new token. If "
        "`auth/refresh` itself says this, sign in again.",
    ),
    Cause(
        "token-invalid",
        401,
        "Token not valid",
        "The token was mangled, was made elsewhere, is of the other kind (a refresh token for an access token), or "
        "belongs to an account that is gone or disabled.",
        "Check that the right token is sent, whole. If it is, forget both tokens and sign in again.",
    ),
    Cause(
        "token-revoked",
        401,
        "Session ended",
        "The session was ended: by signing out, from another device, by a new password, by the staff, or because a "
        "refresh token came back that had been spent.",
        "Forget both tokens and sign in again. A client that refreshes in several tabs has to share one token pair.",
    ),
    Cause(
        "forbidden",
        403,
        "Not permitted",
        "The caller is known, and none of their roles permits this.",
        "Do not offer what `permissions/check` says no to. Whoever needs it asks an administrator for a role.",
    ),
    Cause(
        "not-found",
        404,
        "Not found",
        "There is nothing at this address, or it is somebody else's, or the caller may not know of it. The answer "
        "does not tell which.",
        "Check the address. Where it came from a list, fetch the list again: it may have been deleted.",
    ),
    # -- the state of the server -----------------------------------------------------------------------------
    Cause(
        "conflict",
        409,
        "Changed meanwhile",
        "Somebody else changed what the request depends on while it was being answered. Nothing was changed.",
        "Read the things concerned again, then send the request again.",
    ),
    Cause(
        "in-use",
        409,
        "Still needed",
        "Other things refer to what was to be deleted. `dependents` says how many of which kind.",
        "Delete or change those first, or keep it: what tickets and orders refer to stays for good.",
    ),
    Cause(
        "rate-limited",
        429,
        "Too many requests",
        "This caller sends more requests than one caller may. Accounts are counted by themselves, strangers by their "
        "address. Nothing was changed.",
        "Wait as many seconds as `Retry-After` says, then go on, more slowly: `RateLimit` tells in every answer how "
        "many requests are left.",
    ),
    Cause(
        "idempotency-key-in-use",
        409,
        "First request still running",
        "A request with this `Idempotency-Key` was running for as long as this one waited, or the database was so "
        "busy that nobody could tell. Nothing was done twice.",
        "Wait as many seconds as `Retry-After` says, then send the same request with the same key again.",
    ),
    Cause(
        "unavailable",
        503,
        "Try again shortly",
        "The database is busy or away, or the account is just being changed. Nothing was changed.",
        "Wait as many seconds as `Retry-After` says, then send the same request again.",
    ),
    Cause(
        "overloaded",
        503,
        "Too much at once",
        "This is expensive to answer, and as many such requests are running and waiting as this process allows. "
        "Nothing was changed.",
        "Wait as many seconds as `Retry-After` says, then send the same request again, one at a time.",
    ),
    Cause(
        "not-ready",
        503,
        "Not ready",
        "This process lacks something that it needs: the database, its newest tables, or fresh knowledge of who may "
        "do what. `checks` says what.",
        "For operators: send requests to another process, and look at the check that fails.",
    ),
    Cause(
        "internal-error",
        500,
        "A fault of ours",
        "The server met something that it was not written for. Nothing was changed; the log has the details.",
        "Try once more. If it stays, tell the operator what was asked and when.",
    ),
)
