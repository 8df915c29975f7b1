# syntax=docker/dockerfile:1
# 言据 in a container: `docker build -t yanju .`, then `docker compose up`. Needs a network to build, none to run.
FROM python:3.12-slim-bookworm AS build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG EXTRAS=serve
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /src
RUN python -m venv /opt/yanju
ENV PATH=/opt/yanju/bin:$PATH
# The requirements first, so that a change of the program does not fetch them again; PyTorch in its CPU build.
COPY requirements.txt constraints.txt ./
RUN pip install --index-url "$TORCH_INDEX" --no-deps "$(grep '^torch==' requirements.txt)" \
    && pip install -r requirements.txt -c constraints.txt
COPY . .
RUN pip install ".[$EXTRAS]" -c constraints.txt

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 yanju \
    && useradd --uid 10001 --gid yanju --create-home yanju \
    && install --directory --owner=yanju --group=yanju /var/lib/yanju
COPY --from=build /opt/yanju /opt/yanju
ENV PATH=/opt/yanju/bin:$PATH \
    PYTHONUTF8=1 \
    YANJU_HOME=/var/lib/yanju \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1
USER 10001:10001
WORKDIR /home/yanju
VOLUME /var/lib/yanju
EXPOSE 8501 8600
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
ENTRYPOINT ["yanju"]
CMD ["app", "--host", "0.0.0.0", "--port", "8501", "--no-browser"]
