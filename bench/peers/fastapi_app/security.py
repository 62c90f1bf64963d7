"""Who is calling; `JWT_SECRET` comes from the environment."""

import os
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bench.peers.fastapi_app.database import Session
from bench.peers.fastapi_app.models import User

_SECRET = os.environ["JWT_SECRET"]
_bearer = HTTPBearer()


async def get_current_user(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)], session: Session
) -> User:
    """The user of the token, or 401."""
    refused = HTTPException(
        status.HTTP_401_UNAUTHORIZED, "The token is not valid.", headers={"WWW-Authenticate": "Bearer"}
    )
    try:
        claims = jwt.decode(
            credentials.credentials, _SECRET, algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
    except jwt.InvalidTokenError:
        raise refused from None
    user = await session.get(User, int(claims["sub"]))
    if user is None or not user.is_active:
        raise refused
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]
