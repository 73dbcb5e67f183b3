# An image with one static program and `git`-less checking of folders:
#   docker build -t sporhund . && docker run --rm --network none -v "$PWD:/data:ro" sporhund check /data
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Static against glibc: the program looks up no host and no user by name.
RUN RUSTFLAGS="-C target-feature=+crt-static" \
    cargo build --locked --profile dist --bin sporhund --target x86_64-unknown-linux-gnu

FROM scratch
COPY --from=build /src/target/x86_64-unknown-linux-gnu/dist/sporhund /sporhund
ENTRYPOINT ["/sporhund"]
