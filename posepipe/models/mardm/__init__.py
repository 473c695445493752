"""Inference of MARDM (Meng et al., CVPR 2025): text to motion by masked autoregressive diffusion."""
