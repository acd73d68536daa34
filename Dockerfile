# The image of web, worker and beat: same code, another command. `docker compose build` makes it.

FROM node:20-slim AS frontend
WORKDIR /build
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim AS instance
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home voicecollect \
    && install --directory --owner voicecollect /data
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . ./
COPY --from=frontend /build/dist frontend/dist
# Settings make their keys at the first start: the image must hold none.
RUN pybabel compile -d frontend/locale -D django \
    && export DATA_DIR=$(mktemp -d) \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && rm -r "$DATA_DIR"
USER voicecollect
ENV PYTHONUNBUFFERED=1 REMAP_SIGTERM=SIGQUIT DATA_DIR=/data BIND=0.0.0.0
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:voicecollect.gunicorn"]
