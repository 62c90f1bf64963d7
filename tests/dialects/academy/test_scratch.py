import json


def show(a):
    print(a.request.method, a.request.path, a.status_int, dict(a.headers), a.text[:400])


def test_x(academy):
    b, u, n = academy.boss, academy.user, academy.nobody
    s = academy.session()
    for who in (n, u, b):
        for m in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
            for p in (
                "register/",
                "login/",
                "me/",
                "cinema/genres/",
                "cinema/movies/",
                "cinema/movies/999999/",
                "cinema/movie_sessions/999999/",
                "cinema/orders/",
                "cinema/genres/1/",
                "cinema/orders/1/",
                "cinema/",
            ):
                a = who._http.request("/api/" + p, method=m, headers=who.headers, status="*")
                print(m, p, a.status_int, a.headers.get("Allow"), a.text[:60])
    show(b.call("GET", f"cinema/movie_sessions/{s}/"))
    show(b.call("GET", "cinema/movies/"))
    o = academy.order(u, (s, 2, 2), (s, 1, 1))
    print(o)
    show(u.call("GET", "cinema/orders/"))
    show(
        u.call(
            "POST",
            "cinema/orders/",
            {
                "tickets": [
                    {"row": 1, "seat": 1, "movie_session": s},
                    {"row": 99, "seat": 1, "movie_session": s},
                    {"row": "x"},
                    5,
                ]
            },
        )
    )
    show(
        u.call(
            "POST",
            "cinema/orders/",
            {"tickets": [{"row": 1, "seat": 1, "movie_session": s}, {"row": 99, "seat": 99, "movie_session": s}]},
        )
    )
    s2 = academy.session()
    academy.order(u, (s2, 1, 1))
    show(
        u.call(
            "POST",
            "cinema/orders/",
            {"tickets": [{"row": 1, "seat": 1, "movie_session": s}, {"row": 1, "seat": 1, "movie_session": s2}]},
        )
    )
    show(
        b.call(
            "POST",
            "cinema/movie_sessions/",
            {"show_time": "2026-05-01T19:30:00.123456", "movie": 9999, "cinema_hall": 9999},
        )
    )
    for t in (
        "2026-05-01T19:30:00.123456",
        "2026-05-01T19:30:00",
        "2026-05-01 19:30",
        "2026-05-01T19:30:00+02:00",
        "2026-05-01",
    ):
        a = b.call(
            "POST",
            "cinema/movie_sessions/",
            {"show_time": t, "movie": academy.film(), "cinema_hall": academy.cinema_hall()},
        )
        show(a)
        if a.status_int == 201:
            print(b.get(f"cinema/movie_sessions/{a.json['id']}/")["show_time"])
    show(b.call("DELETE", f"cinema/movie_sessions/{s}/"))
    show(b.call("PATCH", f"cinema/movie_sessions/{s}/", {"show_time": "2027-01-01T00:00:00"}))
    for body in (b"[1]", b'"x"', b"", b"{", b"null"):
        show(n.call("POST", "register/", body))
        show(u.call("POST", "cinema/orders/", body))
    show(u.call("GET", "cinema/orders/?page=%FF"))
    show(u.call("GET", "cinema/orders/?page="))
    show(u.call("GET", "cinema/movies/?genres=%FF"))
