"""MARDM (CVPR 2025): text to motion by masked autoregressive diffusion, inference re-implemented."""
