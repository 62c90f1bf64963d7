"""Films from files: MovieLens, IMDb and our own CSV.

`lines` reads a file, `rows` splits its lines, `layouts` (with `titles`) makes films of them, `films` checks these,
`store` (with `lists` and `bulk`) writes them.
"""
