"""the first tables"""

import sqlalchemy as sa
from alembic import op

from cinema.core.db.base import BigId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STAFF = [
    "movies:view",
    "movies:edit",
    "halls:view",
    "halls:edit",
    "screenings:view",
    "screenings:edit",
    "cassettes:view",
    "cassettes:edit",
    "orders:view-any",
    "orders:edit-any",
    "orders:take-payment",
    "orders:refund",
    "tickets:check-in",
    "users:view",
    "users:edit",
    "reports:view",
]
ROLES = [
    ("anonymous", "What a stranger may do.", []),
    ("member", "Everybody with an account.", []),
    ("staff", "Runs the cinema.", STAFF),
    ("admin", "Runs the cinema and its accounts.", [*STAFF, "roles:edit"]),
]


def upgrade() -> None:
    op.create_table(
        "actors",
        sa.Column("id", BigId, nullable=False),
        sa.Column("first_name", sa.String(length=255), nullable=False),
        sa.Column("last_name", sa.String(length=255), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actors"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_actors_name_key_id", "actors", ["name_key", "id"], unique=False)
    op.create_table(
        "cassettes",
        sa.Column("id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("director", sa.String(length=255), nullable=False),
        sa.Column("director_key", sa.Text(), nullable=False),
        sa.Column("released", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_minor", BigId, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.CheckConstraint(
            "(price_minor IS NULL) = (currency IS NULL)", name=op.f("ck_cassettes_price_has_currency")
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_cassettes_price")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_cassettes_quantity")),
        sa.PrimaryKeyConstraint("id", name="pk_cassettes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cassettes_released_id", "cassettes", ["released", "id"], unique=False)
    op.create_index("ix_cassettes_title_key_id", "cassettes", ["title_key", "id"], unique=False)
    op.create_table(
        "directors",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_directors"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_directors_name_key_id", "directors", ["name_key", "id"], unique=False)
    op.create_table(
        "genres",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_genres"),
        sa.UniqueConstraint("name", name="uq_genres_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_genres_name_key_id", "genres", ["name_key", "id"], unique=False)
    op.create_table(
        "halls",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("seats_in_row", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_halls_has_seats")),
        sa.PrimaryKeyConstraint("id", name="pk_halls"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_halls_name_key_id", "halls", ["name_key", "id"], unique=False)
    op.create_table(
        "movies",
        sa.Column("id", BigId, nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("trailer", sa.String(length=2000), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Float(precision=53), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("poster", sa.String(length=2000), nullable=True),
        sa.Column("age_rating", sa.String(length=20), nullable=True),
        sa.Column("label", sa.String(length=50), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_movies_has_title")),
        sa.CheckConstraint("duration BETWEEN 1 AND 10080", name=op.f("ck_movies_duration")),
        sa.CheckConstraint("rating BETWEEN 0 AND 10", name=op.f("ck_movies_rating")),
        sa.PrimaryKeyConstraint("id", name="pk_movies"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_movies_label", "movies", ["label"], unique=False)
    op.create_index("ix_movies_year", "movies", [sa.text("coalesce(year, 0)"), "id"])
    op.create_index("ix_movies_rating", "movies", [sa.text("coalesce(rating, 0)"), "id"])
    op.create_index("ix_movies_duration", "movies", [sa.text("coalesce(duration, 0)"), "id"])
    op.create_index("ix_movies_title", "movies", ["title_key", "id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_roles"),
        sa.UniqueConstraint("name", name="uq_roles_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "movie_actors",
        sa.Column("movie_id", BigId, nullable=False),
        sa.Column("actor_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["actors.id"], name="fk_movie_actors_actor_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["movie_id"], ["movies.id"], name="fk_movie_actors_movie_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("movie_id", "actor_id", name="pk_movie_actors"),
    )
    op.create_index("ix_movie_actors_actor_id_movie_id", "movie_actors", ["actor_id", "movie_id"], unique=False)
    op.create_table(
        "movie_directors",
        sa.Column("movie_id", BigId, nullable=False),
        sa.Column("director_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["director_id"], ["directors.id"], name="fk_movie_directors_director_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["movie_id"], ["movies.id"], name="fk_movie_directors_movie_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("movie_id", "director_id", name="pk_movie_directors"),
    )
    op.create_index(
        "ix_movie_directors_director_id_movie_id",
        "movie_directors",
        ["director_id", "movie_id"],
        unique=False,
    )
    op.create_table(
        "movie_genres",
        sa.Column("movie_id", BigId, nullable=False),
        sa.Column("genre_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["genre_id"], ["genres.id"], name="fk_movie_genres_genre_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["movie_id"], ["movies.id"], name="fk_movie_genres_movie_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("movie_id", "genre_id", name="pk_movie_genres"),
    )
    op.create_index("ix_movie_genres_genre_id_movie_id", "movie_genres", ["genre_id", "movie_id"], unique=False)
    op.create_table(
        "role_permissions",
        sa.Column("role_id", BigId, nullable=False),
        sa.Column("permission", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_role_permissions_role_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("role_id", "permission", name="pk_role_permissions"),
    )
    op.create_table(
        "screenings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("movie_id", BigId, nullable=False),
        sa.Column("hall_id", BigId, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["hall_id"], ["halls.id"], name="fk_screenings_hall_id"),
        sa.ForeignKeyConstraint(["movie_id"], ["movies.id"], name="fk_screenings_movie_id"),
        sa.PrimaryKeyConstraint("id", name="pk_screenings"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_screenings_hall_id_starts_at", "screenings", ["hall_id", "starts_at"], unique=False)
    op.create_index("ix_screenings_movie_id_starts_at", "screenings", ["movie_id", "starts_at"], unique=False)
    op.create_index("ix_screenings_starts_at_id", "screenings", ["starts_at", "id"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", BigId, nullable=False),
        sa.Column("username", sa.String(length=150), nullable=True),
        sa.Column("username_key", sa.String(length=600), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("sign_in_key", sa.String(length=1000), nullable=True),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("surname", sa.String(length=255), nullable=False),
        sa.Column("favorite_genre_id", BigId, nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("is_superuser", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(username IS NULL) = (username_key IS NULL)", name=op.f("ck_users_username_has_key")),
        sa.CheckConstraint("username IS NOT NULL OR sign_in_key IS NOT NULL", name=op.f("ck_users_can_sign_in")),
        sa.ForeignKeyConstraint(
            ["favorite_genre_id"], ["genres.id"], name="fk_users_favorite_genre_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("sign_in_key", name="uq_users_sign_in_key"),
        sa.UniqueConstraint("username_key", name="uq_users_username_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_users_favorite_genre_id", "users", ["favorite_genre_id"], unique=False)
    op.create_table(
        "bookmarks",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("movie_id", BigId, nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["movie_id"], ["movies.id"], name="fk_bookmarks_movie_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_bookmarks_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "movie_id", name="pk_bookmarks"),
    )
    op.create_index("ix_bookmarks_movie_id", "bookmarks", ["movie_id"], unique=False)
    op.create_index(
        "ix_bookmarks_user_id_saved_at_movie_id",
        "bookmarks",
        ["user_id", "saved_at", "movie_id"],
        unique=False,
    )
    op.create_table(
        "orders",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("total_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('held', 'paid', 'cancelled', 'refunded')", name=op.f("ck_orders_state")),
        sa.CheckConstraint("total_minor >= 0", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_orders_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_orders_unpaid",
        "orders",
        ["user_id", "expires_at"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_orders_user_id_id", "orders", ["user_id", "id"], unique=False)
    op.create_table(
        "screening_prices",
        sa.Column("screening_id", BigId, nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_screening_prices_amount")),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screenings.id"], name="fk_screening_prices_screening_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("screening_id", "category", name="pk_screening_prices"),
    )
    op.create_table(
        "user_roles",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("role_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.id"], name="fk_user_roles_role_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_roles_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "role_id", name="pk_user_roles"),
    )
    op.create_index("ix_user_roles_role_id", "user_roles", ["role_id"], unique=False)
    op.create_table(
        "order_cassettes",
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("cassette_id", BigId, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("refunded", sa.Integer(), nullable=False),
        sa.Column("price_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_order_cassettes_price")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_cassettes_quantity")),
        sa.CheckConstraint("refunded BETWEEN 0 AND quantity", name=op.f("ck_order_cassettes_refunded")),
        sa.ForeignKeyConstraint(["cassette_id"], ["cassettes.id"], name="fk_order_cassettes_cassette_id"),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_cassettes_order_id"),
        sa.PrimaryKeyConstraint("order_id", "cassette_id", name="pk_order_cassettes"),
    )
    op.create_index("ix_order_cassettes_cassette_id", "order_cassettes", ["cassette_id"], unique=False)
    op.create_table(
        "payments",
        sa.Column("id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("provider", sa.String(length=50), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("amount_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('capture', 'refund')", name=op.f("ck_payments_kind")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_payments_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_payments_order_id", "payments", ["order_id"], unique=False)
    op.create_index(
        "uq_payments_capture",
        "payments",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'capture'"),
        postgresql_where=sa.text("kind = 'capture'"),
    )
    op.create_table(
        "seat_claims",
        sa.Column("screening_id", BigId, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("seat_number", sa.Integer(), nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'held') = (expires_at IS NOT NULL)", name=op.f("ck_seat_claims_only_holds_expire")
        ),
        sa.CheckConstraint("state IN ('held', 'booked', 'sold')", name=op.f("ck_seat_claims_state")),
        sa.CheckConstraint("row_number > 0 AND seat_number > 0", name=op.f("ck_seat_claims_numbers")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_seat_claims_order_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["screening_id"], ["screenings.id"], name="fk_seat_claims_screening_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("screening_id", "row_number", "seat_number", name="pk_seat_claims"),
    )
    op.create_index("ix_seat_claims_order_id", "seat_claims", ["order_id"], unique=False)
    op.create_table(
        "stock_claims",
        sa.Column("cassette_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_claims_quantity")),
        sa.ForeignKeyConstraint(
            ["cassette_id"], ["cassettes.id"], name="fk_stock_claims_cassette_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_stock_claims_order_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("cassette_id", "order_id", name="pk_stock_claims"),
    )
    op.create_index("ix_stock_claims_order_id", "stock_claims", ["order_id"], unique=False)
    op.create_table(
        "stock_movements",
        sa.Column("id", BigId, nullable=False),
        sa.Column("cassette_id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=True),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("change <> 0", name=op.f("ck_stock_movements_change")),
        sa.ForeignKeyConstraint(
            ["cassette_id"], ["cassettes.id"], name="fk_stock_movements_cassette_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_stock_movements_order_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stock_movements"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stock_movements_cassette_id", "stock_movements", ["cassette_id"], unique=False)
    op.create_index("ix_stock_movements_order_id", "stock_movements", ["order_id"], unique=False)
    op.create_table(
        "tickets",
        sa.Column("id", BigId, nullable=False),
        sa.Column("order_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("screening_id", BigId, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("seat_number", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("price_minor", BigId, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.CheckConstraint("state IN ('held', 'valid', 'used', 'void')", name=op.f("ck_tickets_state")),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_tickets_price")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_tickets_order_id"),
        sa.ForeignKeyConstraint(["screening_id"], ["screenings.id"], name="fk_tickets_screening_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tickets_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("code", name="uq_tickets_code"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_tickets_order_id", "tickets", ["order_id"], unique=False)
    op.create_index("ix_tickets_screening_id", "tickets", ["screening_id"], unique=False)
    op.create_index("ix_tickets_user_id_id", "tickets", ["user_id", "id"], unique=False)
    _add_roles()


def _add_roles() -> None:
    roles = sa.table("roles", sa.column("id"), sa.column("name"), sa.column("description"))
    held = sa.table("role_permissions", sa.column("role_id"), sa.column("permission"))
    for number, (name, description, permissions) in enumerate(ROLES, start=1):
        op.execute(roles.insert().values(name=name, description=description))
        if permissions:
            op.bulk_insert(held, [{"role_id": number, "permission": permission} for permission in permissions])


def downgrade() -> None:
    op.drop_index("ix_tickets_user_id_id", table_name="tickets")
    op.drop_index("ix_tickets_screening_id", table_name="tickets")
    op.drop_index("ix_tickets_order_id", table_name="tickets")
    op.drop_table("tickets")
    op.drop_index("ix_stock_movements_order_id", table_name="stock_movements")
    op.drop_index("ix_stock_movements_cassette_id", table_name="stock_movements")
    op.drop_table("stock_movements")
    op.drop_index("ix_stock_claims_order_id", table_name="stock_claims")
    op.drop_table("stock_claims")
    op.drop_index("ix_seat_claims_order_id", table_name="seat_claims")
    op.drop_table("seat_claims")
    op.drop_index(
        "uq_payments_capture",
        table_name="payments",
        sqlite_where=sa.text("kind = 'capture'"),
        postgresql_where=sa.text("kind = 'capture'"),
    )
    op.drop_index("ix_payments_order_id", table_name="payments")
    op.drop_table("payments")
    op.drop_index("ix_order_cassettes_cassette_id", table_name="order_cassettes")
    op.drop_table("order_cassettes")
    op.drop_index("ix_user_roles_role_id", table_name="user_roles")
    op.drop_table("user_roles")
    op.drop_table("screening_prices")
    op.drop_index("ix_orders_user_id_id", table_name="orders")
    op.drop_index(
        "ix_orders_unpaid",
        table_name="orders",
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.drop_table("orders")
    op.drop_index("ix_bookmarks_user_id_saved_at_movie_id", table_name="bookmarks")
    op.drop_index("ix_bookmarks_movie_id", table_name="bookmarks")
    op.drop_table("bookmarks")
    op.drop_index("ix_users_favorite_genre_id", table_name="users")
    op.drop_table("users")
    op.drop_index("ix_screenings_starts_at_id", table_name="screenings")
    op.drop_index("ix_screenings_movie_id_starts_at", table_name="screenings")
    op.drop_index("ix_screenings_hall_id_starts_at", table_name="screenings")
    op.drop_table("screenings")
    op.drop_table("role_permissions")
    op.drop_index("ix_movie_genres_genre_id_movie_id", table_name="movie_genres")
    op.drop_table("movie_genres")
    op.drop_index("ix_movie_directors_director_id_movie_id", table_name="movie_directors")
    op.drop_table("movie_directors")
    op.drop_index("ix_movie_actors_actor_id_movie_id", table_name="movie_actors")
    op.drop_table("movie_actors")
    op.drop_table("roles")
    op.drop_index("ix_movies_title", table_name="movies")
    op.drop_index("ix_movies_label", table_name="movies")
    op.drop_table("movies")
    op.drop_index("ix_halls_name_key_id", table_name="halls")
    op.drop_table("halls")
    op.drop_index("ix_genres_name_key_id", table_name="genres")
    op.drop_table("genres")
    op.drop_index("ix_directors_name_key_id", table_name="directors")
    op.drop_table("directors")
    op.drop_index("ix_cassettes_title_key_id", table_name="cassettes")
    op.drop_index("ix_cassettes_released_id", table_name="cassettes")
    op.drop_table("cassettes")
    op.drop_index("ix_actors_name_key_id", table_name="actors")
    op.drop_table("actors")
