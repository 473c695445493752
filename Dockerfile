# docker build -t posepipe .
# docker run --init --gpus all --user "$(id -u):$(id -g)" -v "$PWD":/data posepipe run captions.txt
#
# CUDA itself comes with torch; the base image sets what the NVIDIA container toolkit looks for. Without --gpus the
# same image runs on the CPU.
FROM nvidia/cuda:13.0.1-base-ubuntu24.04

# The font draws Chinese, Japanese and Korean captions into the pictures.
RUN apt-get update \
    && apt-get install -y --no-install-recommends python3 python3-venv fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

COPY pyproject.toml README.md LICENSE /source/
COPY posepipe /source/posepipe
RUN python3 -m venv /opt/posepipe \
    && /opt/posepipe/bin/pip install --no-cache-dir '/source[cuda]' \
    && rm -rf /source \
    && mkdir --mode=1777 /home/posepipe

# Any user id may run it; matplotlib and the Hugging Face hub keep their caches in the home folder.
ENV PATH=/opt/posepipe/bin:$PATH HOME=/home/posepipe
WORKDIR /data
ENTRYPOINT ["posepipe"]
CMD ["--help"]
