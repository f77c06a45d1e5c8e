# The service with the graph in it. The first stage builds the wheel and, with it, the graph; the
# second holds nothing but Python, what was installed, and the graph.

FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY kg kg
COPY api api
COPY ontology ontology
COPY shapes shapes
COPY seeds seeds
COPY queries queries
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/caspian \
    && /opt/caspian/bin/pip install --no-cache-dir /wheels/*.whl
RUN /opt/caspian/bin/caspian build --data /data

FROM python:3.11-slim
RUN groupadd --gid 10001 caspian \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin caspian
COPY --from=build /opt/caspian /opt/caspian
COPY --from=build --chown=10001:10001 /data /data
ENV PATH=/opt/caspian/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CASPIAN_DATA=/data \
    CASPIAN_HOST=0.0.0.0 \
    CASPIAN_PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["caspian-api"]
