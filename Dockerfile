# One image for web, worker and beat; docker-compose.yml says which part a container runs.
FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    DELIVEROPS_MODE=production DELIVEROPS_VAR_DIR=/data STATIC_ROOT=/data/static
RUN useradd --create-home --uid 10001 deliverops && install -d -o deliverops /data
WORKDIR /app
COPY requirements.txt requirements-s3.txt ./
RUN pip install -r requirements.txt -r requirements-s3.txt
COPY . .
USER deliverops
EXPOSE 8000
CMD ["python", "manage.py", "serve", "web", "--host", "0.0.0.0"]
