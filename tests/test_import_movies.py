"""`cinema import movies`: mostly on a SQLite file, and the statements on PostgreSQL."""

import csv
import gzip
import shutil
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from cinema.catalogue.importing import films, rows, titles
from cinema.catalogue.importing.lines import LONGEST
from cinema.catalogue.importing.store import import_films
from cinema.catalogue.models import Movie, movie_actors
from cinema.scripts.cli import main
from tests.databases import PostgreSQL, open_database

NOW = datetime(2026, 10, 20, 20, tzinfo=UTC)

MOVIELENS = '''\
movieId,title,genres
1,Toy Story (1995),Adventure|Animation|Children|Comedy|Fantasy
11,"American President, The (1995)",Comedy|Drama|Romance
30,Shanghai Triad (Yao a yao yao dao waipo qiao) (1995),Drama
29,"City of Lost Children, The (Cité des enfants perdus, La) (1995)",Adventure|Drama|Fantasy|Mystery|Sci-Fi
2851,"Misérables, Les (1995)",Drama|War
108583,Fawlty Towers (1975-1979),Comedy
40697,Babylon 5,Sci-Fi
131241,"""Great Performances"" Cats (1998)",Musical
171631,Maria Bamford: Old Baby,(no genres listed)
'''

IMDB = r"""
tconst|titleType|primaryTitle|originalTitle|isAdult|startYear|endYear|runtimeMinutes|genres
tt0000001|short|Carmencita|Carmencita|0|1894|\N|1|Documentary,Short
tt0000009|movie|Miss Jerry|Miss Jerry|0|1894|\N|45|Romance
tt0029583|movie|Snow White and the Seven Dwarfs|Snow White|0|1937|\N|83|Adventure,Animation
tt0066380|tvMovie|The Snoop Sisters|The Female Instinct|0|1972|\N|96|Comedy,Crime
tt0081698|movie|Not for Children|Not for Children|1|1980|\N|70|Adult
tt0903747|tvSeries|Breaking Bad|Breaking Bad|0|2008|2013|45|Crime
tt2155384|movie|"Unbalanced|"Unbalanced|0|\N|\N|\N|\N
""".lstrip().replace("|", "\t")

BAD_IMDB = r"""
tt1|movie
tt2|movie|Bad Year|Bad Year|0|MCM|\N|90|Drama
tt3|movie|Endless|Endless|0|2000|\N|99999|Drama
tt4|movie|\N|Untitled|0|2000|\N|90|Drama
""".lstrip().replace("|", "\t")

OWN = """\
title,year,duration,description,rating,age_rating,trailer,poster,label,genres,directors,actors
Брат,1997,99,"Данила, дембель, едет в Питер.
«В чём сила?»",8.1,16+,https://example.org/t,https://example.org/p.jpg,new,Драма|Криминал,Алексей Балабанов,\
Сергей Бодров|Виктор Сухоруков
Moonstruck,1987,102,,,,,,,Comedy,Norman Jewison,Cher|Nicolas Cage|Olympia De Dukakis
Untold,,,,,,,,,,,
"""


class Cinema:
    """An ini, its database and a file to import, in one folder."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.ini = str(folder / "cinema.ini")
        self.database = folder / "cinema.sqlite3"
        self.file = folder / "films"
        url = (url or f"sqlite:///{self.database}").replace("%", "%%")
        Path(self.ini).write_text(f"[app:main]\nuse = egg:cinema\ncinema.database_url = {url}\n")

    def run(self, *arguments: str) -> Result:
        """`cinema -c INI …`"""
        return CliRunner().invoke(main, ["-c", self.ini, *arguments])

    def imports(self, content: str | bytes, *options: str) -> Result:
        """Imports a file with this content."""
        self.file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self.run("import", "movies", str(self.file), *options)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement).fetchall()

    def titles(self) -> list[tuple[str, int | None]]:
        """Title and year of every film, in the order they were entered."""
        return self.rows("SELECT title, year FROM movies ORDER BY id")

    def genres(self, title: str) -> list[str]:
        """The genres of a film, in its order."""
        found = self.rows(
            "SELECT genres.name FROM genres JOIN movie_genres ON genre_id = genres.id "
            f"JOIN movies ON movie_id = movies.id WHERE title = '{title}' ORDER BY position"
        )
        return [name for (name,) in found]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every table an import writes to."""
        tables = ("movies", "genres", "directors", "actors", "movie_genres", "movie_directors", "movie_actors")
        return {table: self.rows(f"SELECT * FROM {table}") for table in tables}


@pytest.fixture(scope="module")
def empty_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that `cinema db upgrade` made."""
    made = Cinema(tmp_path_factory.mktemp("empty"))
    assert made.run("db", "upgrade").exit_code == 0
    return made.database


@pytest.fixture
def cinema(tmp_path: Path, empty_tables: Path) -> Cinema:
    """A cinema with empty tables."""
    made = Cinema(tmp_path)
    shutil.copy(empty_tables, made.database)
    return made


def refused(result: Result) -> list[str]:
    """What was said about bad lines, the last word apart; the import must have failed."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    *bad, last = result.stderr.splitlines()
    assert last.startswith("Error: nothing was imported")
    return bad


# -- layouts -------------------------------------------------------------------------------------------------


def test_movielens_gives_titles_years_and_genres(cinema: Cinema) -> None:
    result = cinema.imports(MOVIELENS)
    assert result.stderr == ""
    assert result.stdout == ("9 films imported, 0 already there, 0 skipped; 11 genres, 0 directors, 0 actors new\n")
    assert cinema.titles() == [
        ("Toy Story", 1995),
        ("The American President", 1995),
        ("Shanghai Triad (Yao a yao yao dao waipo qiao)", 1995),
        ("The City of Lost Children (La Cité des enfants perdus)", 1995),
        ("Les Misérables", 1995),
        ("Fawlty Towers", 1975),
        ("Babylon 5", None),
        ('"Great Performances" Cats', 1998),
        ("Maria Bamford: Old Baby", None),
    ]
    assert cinema.genres("Toy Story") == ["Adventure", "Animation", "Children", "Comedy", "Fantasy"]
    assert cinema.genres("The American President") == ["Comedy", "Drama", "Romance"]
    assert cinema.genres("Maria Bamford: Old Baby") == []


@pytest.mark.parametrize(
    ("inverted", "title"),
    [
        ("Enfer, L'", "L'Enfer"),
        ("Postman, The (Postino, Il)", "The Postman (Il Postino)"),
        ("Seventh Seal, The (Sjunde inseglet, Det)", "The Seventh Seal (Det Sjunde inseglet)"),
        ("Good, the Bad and the Ugly, The", "The Good, the Bad and the Ugly"),
        ("Professional, The (a.k.a. Cleaner, The) (Léon)", "The Professional (a.k.a. The Cleaner) (Léon)"),
        ("Bicycle, Spoon, Apple", "Bicycle, Spoon, Apple"),
        ("(500) Days of Summer", "(500) Days of Summer"),
        ("The, The", "The The"),
        (", The", ", The"),
        ("(Untitled)", "(Untitled)"),
        ("What (a) Day", "What (a) Day"),
        ("", ""),
    ],
)
def test_articles_come_first(inverted: str, title: str) -> None:
    assert titles.in_order(inverted) == title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Death Note (2006–2007)", ("Death Note", 2006)),
        ("Doctor Who (2009– )", ("Doctor Who", 2009)),
        ("2012 (2009) ", ("2012", 2009)),
        ("1984", ("1984", None)),
        ("Fahrenheit (451)", ("Fahrenheit (451)", None)),
        ("Blade Runner (1982) (Final Cut)", ("Blade Runner (1982) (Final Cut)", None)),
    ],
)
def test_the_year_is_the_last_parenthesis(text: str, expected: tuple[str, int | None]) -> None:
    assert titles.split_year(text) == expected


def test_imdb_gives_films_and_skips_what_no_cinema_shows(cinema: Cinema) -> None:
    result = cinema.imports(IMDB)
    assert result.stderr == ""
    assert result.stdout == ("4 films imported, 0 already there, 3 skipped; 5 genres, 0 directors, 0 actors new\n")
    assert cinema.rows("SELECT title, year, duration FROM movies ORDER BY id") == [
        ("Miss Jerry", 1894, 45),
        ("Snow White and the Seven Dwarfs", 1937, 83),
        ("The Snoop Sisters", 1972, 96),
        ('"Unbalanced', None, None),
    ]
    assert cinema.genres("Snow White and the Seven Dwarfs") == ["Adventure", "Animation"]
    assert cinema.genres('"Unbalanced') == []


def test_our_own_csv_gives_everything(cinema: Cinema) -> None:
    result = cinema.imports(OWN)
    assert result.stderr == ""
    assert result.stdout == ("3 films imported, 0 already there, 0 skipped; 3 genres, 2 directors, 5 actors new\n")
    columns = "title, title_key, year, duration, description, rating, age_rating, trailer, poster, label"
    assert cinema.rows(f"SELECT {columns} FROM movies ORDER BY id") == [
        (
            "Брат",
            "брат",
            1997,
            99,
            "Данила, дембель, едет в Питер.\n«В чём сила?»",
            8.1,
            "16+",
            "https://example.org/t",
            "https://example.org/p.jpg",
            "new",
        ),
        ("Moonstruck", "moonstruck", 1987, 102, *[None] * 6),
        ("Untold", "untold", *[None] * 8),
    ]
    assert cinema.genres("Брат") == ["Драма", "Криминал"]
    assert cinema.rows("SELECT first_name, last_name, name_key FROM actors ORDER BY id") == [
        ("Сергей", "Бодров", "бодров сергей"),
        ("Виктор", "Сухоруков", "сухоруков виктор"),
        ("", "Cher", "cher"),
        ("Nicolas", "Cage", "cage nicolas"),
        ("Olympia De", "Dukakis", "dukakis olympia de"),
    ]
    assert cinema.rows("SELECT count(DISTINCT created_at) FROM movies") == [(1,)]


def test_columns_of_our_own_csv_come_in_any_order(cinema: Cinema) -> None:
    assert cinema.imports("genres,title\nDrama,Solaris\n").exit_code == 0
    assert cinema.genres("Solaris") == ["Drama"]


@pytest.mark.parametrize("content", [MOVIELENS, IMDB, OWN], ids=["movielens", "imdb", "csv"])
@pytest.mark.parametrize(
    "dressed",
    [
        lambda content: gzip.compress(content.encode()),
        lambda content: b"\xef\xbb\xbf" + content.encode(),
        lambda content: content.replace("\n", "\r\n").encode(),
        lambda content: content.rstrip("\n").encode(),
        lambda content: content.replace("\n", "\n\n", 1).encode(),
    ],
    ids=["gzip", "bom", "crlf", "no-last-line-end", "blank-line"],
)
def test_the_same_film_however_the_file_is_written(
    cinema: Cinema, content: str, dressed: Callable[[str], bytes]
) -> None:
    assert cinema.imports(dressed(content)).exit_code == 0
    written = cinema.titles()
    again = cinema.imports(content)
    assert again.stdout.startswith(f"0 films imported, {len(written)} already there")


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("name;year\nSolaris;1972\n", ()),
        ("year,genres\n1972,Drama\n", ()),
        ("title,colour\nSolaris,yes\n", ()),
        ("title,title\nSolaris,Solaris\n", ()),
        ('"title\n', ()),
        (b"\xff\xfet\x00i\x00t\x00l\x00e\x00", ()),
        (OWN, ("--format", "movielens")),
        (MOVIELENS, ("--format", "csv")),
        (MOVIELENS, ("--format", "imdb")),
    ],
)
def test_an_unknown_header_is_one_line(cinema: Cinema, content: str | bytes, options: tuple[str, ...]) -> None:
    result = cinema.imports(content, *options)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "header" in result.stderr
    assert cinema.titles() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (gzip.compress(b"title\n" + b"Solaris\n" * 10_000)[:-9], "cannot read"),
        (b"\x1f\x8bno gzip", "cannot read"),
        (b"title\n" + b"x" * LONGEST, "line 2 is longer"),
    ],
    ids=["empty", "cut-gzip", "false-gzip", "endless-line"],
)
def test_a_file_that_cannot_be_read_is_one_line(cinema: Cinema, content: bytes, said: str) -> None:
    result = cinema.imports(content)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
    assert cinema.titles() == []


def test_a_missing_file_is_one_line(cinema: Cinema) -> None:
    result = cinema.run("import", "movies", "no-such-file.csv")
    assert result.exit_code == 1
    assert result.stderr == "Error: cannot read no-such-file.csv: No such file or directory\n"


def test_a_database_without_tables_is_one_line(tmp_path: Path) -> None:
    result = Cinema(tmp_path).imports(OWN)
    assert result.exit_code == 1
    assert "db upgrade" in result.stderr
    assert len(result.stderr.splitlines()) == 1


# -- what is there already -----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [MOVIELENS, IMDB, OWN], ids=["movielens", "imdb", "csv"])
def test_a_second_run_changes_nothing(cinema: Cinema, content: str) -> None:
    cinema.imports(content)
    before = cinema.contents()
    result = cinema.imports(content)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"0 films imported, {len(before['movies'])} already there, ")
    assert result.stdout.endswith("; 0 genres, 0 directors, 0 actors new\n")
    assert cinema.contents() == before


def test_title_in_any_case_and_year_make_a_film(cinema: Cinema) -> None:
    content = "title,year\nSolaris,1972\nSOLARIS,1972\nSolaris,2002\nSolaris,\nsolaris,\n"
    assert cinema.imports(content).stdout.startswith("3 films imported, 2 already there, 0 skipped")
    assert cinema.titles() == [("Solaris", 1972), ("Solaris", 2002), ("Solaris", None)]


def test_a_film_that_is_there_is_left_alone(cinema: Cinema) -> None:
    cinema.imports("title,year,rating,genres\nSolaris,1972,8,Drama\n")
    result = cinema.imports("title,year,rating,genres\nSolaris,1972,1,Comedy\nStalker,1979,8,Drama\n")
    assert result.stdout == ("1 films imported, 1 already there, 0 skipped; 0 genres, 0 directors, 0 actors new\n")
    assert cinema.rows("SELECT rating FROM movies WHERE title = 'Solaris'") == [(8.0,)]
    assert cinema.genres("Solaris") == ["Drama"]


def test_people_are_found_in_any_case_and_genres_exactly(cinema: Cinema) -> None:
    header = "title,genres,directors,actors\n"
    cinema.imports(header + "One,Drama,Lars von Trier,Björk Guðmundsdóttir\n")
    result = cinema.imports(header + "Two,drama|drama,LARS VON TRIER|Lars von Trier,BJÖRK GUÐMUNDSDÓTTIR\n")
    assert result.stdout.endswith("; 1 genres, 0 directors, 0 actors new\n")
    assert cinema.genres("Two") == ["drama"]
    assert cinema.rows("SELECT movie_id, director_id, position FROM movie_directors") == [(1, 1, 0), (2, 1, 0)]
    assert cinema.rows("SELECT movie_id, actor_id, position FROM movie_actors") == [(1, 1, 0), (2, 1, 0)]


def test_of_namesakes_the_oldest_is_taken(cinema: Cinema) -> None:
    with closing(sqlite3.connect(cinema.database)) as connection, connection:
        connection.executemany(
            "INSERT INTO directors (id, name, name_key) VALUES (?, 'Ann Lee', 'ann lee')", [(7,), (3,)]
        )
    assert cinema.imports("title,directors\nOne,Ann Lee\n").exit_code == 0
    assert cinema.rows("SELECT director_id FROM movie_directors") == [(3,)]


def test_ten_thousand_films_keep_their_own_genres(cinema: Cinema) -> None:
    """More than one batch, each with names that earlier ones made."""
    with cinema.file.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["movieId", "title", "genres"])
        writer.writerows([n, f"Film {n} ({1900 + n % 100})", f"Genre {n % 7}|Genre {n % 11}"] for n in range(10_000))
    result = cinema.run("import", "movies", str(cinema.file))
    assert result.stdout.startswith("10000 films imported, 0 already there, 0 skipped; 11 genres")
    assert cinema.genres("Film 9999") == ["Genre 3", "Genre 0"]
    assert cinema.genres("Film 8013") == ["Genre 5"]
    assert cinema.rows("SELECT count(*) FROM movies WHERE title_key = lower(title)") == [(10_000,)]


# -- bad lines -----------------------------------------------------------------------------------------------

BAD = [
    (b",1972,,", "title is required"),
    (b"   ,1972,,", "title is required"),
    (b"Solaris,0,,", "year must be from 1 to 9999"),
    (b"Solaris,12345,,", "year must be from 1 to 9999"),
    (b"Solaris,soon,,", "year must be a whole number"),
    ("Solaris,١٩٧٢,,".encode(), "year must be a whole number"),
    (b"Solaris,1972,8;5,", "rating must be a number"),
    (b"Solaris,1972,NaN,", "rating must be a number"),
    (b"Solaris,1972,11,", "rating must be from 0 to 10"),
    (b"Solaris,1972,8", "has 3 columns, the header has 4"),
    (b"Solaris,1972,8,Drama,", "has 5 columns, the header has 4"),
    (b"Sol\0aris,1972,8,Drama", "holds a NUL"),
    (b"Sol\xe4ris,1972,8,Drama", "is not UTF-8"),
    (b"Sol\xed\xa0\x80ris,1972,8,Drama", "is not UTF-8"),
    (b"x" * 256 + b",1972,,", "title has 256 characters; 255 are allowed"),
    (b"Solaris,1972,8,Drama|" + b"x" * 256, "genres.1 has 256 characters; 255 are allowed"),
    (b'"Solaris"!,1972,8,Drama', "cannot be split into columns: ',' expected after '\"'"),
]


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_is_named_and_nothing_is_imported(cinema: Cinema, line: bytes, reason: str) -> None:
    cinema.imports("title\nKin-dza-dza!\n")
    before = cinema.contents()
    content = b"title,year,rating,genres\nStalker,1979,8,Drama\n" + line + b"\nMirror,1975,8,Drama\n"
    assert refused(cinema.imports(content)) == [f"line 3: {reason}"]
    assert cinema.contents() == before


@pytest.mark.parametrize(("line", "reason"), BAD)
def test_a_bad_line_can_be_skipped(cinema: Cinema, line: bytes, reason: str) -> None:
    content = b"title,year,rating,genres\nStalker,1979,8,Drama\n" + line + b"\nMirror,1975,8,Drama\n"
    result = cinema.imports(content, "--skip-bad-lines")
    assert result.exit_code == 0
    assert result.stderr == f"line 3: {reason}\n"
    assert result.stdout.startswith("2 films imported, 0 already there, 1 skipped; 1 genres")
    assert cinema.titles() == [("Stalker", 1979), ("Mirror", 1975)]


@pytest.mark.parametrize(
    ("layout", "content", "bad"),
    [
        ("movielens", MOVIELENS + "7,Nothing (0000),Drama\n8,(1995),Drama\n9\n", [11, 12, 13]),
        ("imdb", IMDB + BAD_IMDB, [9, 10, 11, 12]),
    ],
)
def test_bad_lines_of_every_layout(cinema: Cinema, layout: str, content: str, bad: list[int]) -> None:
    reports = refused(cinema.imports(content, "--format", layout))
    assert [report.partition(":")[0] for report in reports] == [f"line {number}" for number in bad]
    assert cinema.titles() == []


def test_line_numbers_are_those_of_the_file(cinema: Cinema) -> None:
    content = 'title,description\nOne,"first\nsecond\n\nfourth"\n\n,"no\ntitle"\nTwo,"of ""two"""\nThree\n'
    assert refused(cinema.imports(content)) == [
        "line 7: title is required",
        "line 10: has 1 columns, the header has 2",
    ]


def test_a_quote_left_open_says_how_far_it_reaches(cinema: Cinema) -> None:
    result = cinema.imports('title,year\nOne,1\n"Two,2\nThree,3\n')
    assert refused(result) == ["line 3: cannot be split into columns: unexpected end of data (lost up to line 4)"]


def test_the_first_twenty_bad_lines_are_reported_in_full(cinema: Cinema) -> None:
    result = cinema.imports("title,year\n" + "Solaris,never\n" * 1_005)
    reports = refused(result)
    assert reports[19] == "line 21: year must be a whole number"
    assert reports[20:] == ["… and 985 more"]


def test_what_was_written_before_a_bad_line_is_undone(cinema: Cinema) -> None:
    """The bad line comes when several batches are in the database."""
    good = "".join(f"Film {n},Genre {n}\n" for n in range(3_000))
    assert refused(cinema.imports(f"title,genres\n{good},\n")) == ["line 3002: title is required"]
    assert all(not found for found in cinema.contents().values())


def test_every_bad_field_of_a_line_is_named(cinema: Cinema) -> None:
    reports = refused(cinema.imports("title,year,label,poster\n,x,A B,ftp://y\n"))
    for field in ("title", "year", "label", "poster"):
        assert f"{field} " in reports[0]


def test_a_cell_longer_than_csv_reads_is_one_bad_line(cinema: Cinema) -> None:
    content = f"title,description\nOne,{'x' * (csv.field_size_limit() + 1)}\nTwo,\n"
    result = cinema.imports(content, "--skip-bad-lines")
    assert "line 2: cannot be split into columns" in result.stderr
    assert cinema.titles() == [("Two", None)]


def test_rows_count_lines_from_the_given_first() -> None:
    assert [row.line for row in rows.quoted(iter(['"a\n', 'b"\n', "\n", "c\n"]), 2)] == [2, 5]
    assert [row.line for row in rows.tabbed(iter(["a\tb\n", "\n", "c\td\n"]), 2)] == [2, 4]


# -- the other engine ----------------------------------------------------------------------------------------


def test_postgresql_takes_the_same_files(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """All three layouts, a bad line after several batches, and every file again."""
    url = postgresql.migrated("importing")
    there = Cinema(tmp_path, url)
    before = [there.imports(content).stdout for content in (MOVIELENS, IMDB, OWN)]
    assert [said.partition(" ")[0] for said in before] == ["9", "4", "3"]
    good = "".join(f"Film {n},Genre {n}\n" for n in range(3_000))
    assert refused(there.imports(f"title,genres\n{good},\n")) == ["line 3002: title is required"]
    again = [there.imports(content).stdout for content in (MOVIELENS, IMDB, OWN)]
    assert [said.split(" skipped; ")[1] for said in again] == ["0 genres, 0 directors, 0 actors new\n"] * 3
    database = open_database(url)
    with database.readers.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Movie)) == 16
        assert connection.scalar(select(func.count()).select_from(movie_actors)) == 5
    database.dispose()


def test_two_imports_at_once_do_not_double_a_film(postgresql: PostgreSQL) -> None:
    """The second one begins while the first has written, but not committed."""
    database = open_database(postgresql.migrated("importing_twice"))
    lines = ["title\n", "Solaris\n", "Stalker\n"]

    def imported() -> int:
        with database.plain_session() as db, db.begin():
            return import_films(db, films.read_films(iter(lines), None), NOW).imported

    with ThreadPoolExecutor() as pool:
        with database.plain_session() as db, db.begin():
            first = import_films(db, films.read_films(iter(lines), None), NOW).imported
            second = pool.submit(imported)
            time.sleep(0.5)
        assert (first, second.result()) == (2, 0)
    database.dispose()
