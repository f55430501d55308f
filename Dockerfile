FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/dragoman
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md prefect.yaml ./
COPY config config
COPY seeds seeds
COPY tasks tasks
COPY flows flows
COPY dragoman dragoman
# The requirements hold the build backend, so nothing is fetched here.
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/dragoman --create-home --shell /usr/sbin/nologin dragoman \
    && chmod 0700 /var/lib/dragoman
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/dragoman /srv/dragoman
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DRAGOMAN_HOME=/var/lib/dragoman \
    PREFECT_HOME=/var/lib/dragoman/prefect
WORKDIR /srv/dragoman
USER dragoman
ENTRYPOINT []
CMD ["dragoman", "worker"]
