"""The FastAPI application: `uvicorn bench.peers.fastapi_app.main:app`."""
