"""The dialect over HTTP."""
