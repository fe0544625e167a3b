"""
Random views of a batch, computed on whole batches at once so that two CPU cores keep up. Chance comes from a generator on the
CPU, a few numbers a picture; the pixels are moved where the tiles are, so a GPU does that part and gives the same views.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

# Mean and deviation of the channels over the photo training set; the manifest tells them to the site.
MEAN = (0.480, 0.448, 0.398)
STD = (0.277, 0.269, 0.282)


def normalise(pixels: torch.Tensor) -> torch.Tensor:
    """uint8 or float [n, 3, s, s] in 0..255 → float32 [n, 3, s, s] with channel mean 0 and deviation 1."""
    mean = torch.tensor(MEAN, device=pixels.device).view(1, 3, 1, 1)
    std = torch.tensor(STD, device=pixels.device).view(1, 3, 1, 1)
    return (pixels.float() / 255 - mean) / std


def find_backgrounds(tiles: torch.Tensor) -> torch.Tensor:
    """Marks the white that reaches the border: uint8 [n, 3, 64, 64] → bool [n, 1, 64, 64]."""
    white = (tiles.amin(1, keepdim=True) > 235).float()
    reached = torch.zeros_like(white)
    for edge in (reached[..., 0, :], reached[..., -1, :], reached[..., :, 0], reached[..., :, -1]):
        edge.fill_(1)
    reached *= white
    for _ in range(4 * tiles.shape[-1]):
        grown = F.max_pool2d(reached, 3, 1, 1) * white
        if torch.equal(grown, reached):
            break
        reached = grown
    return reached > 0


def view_photos(tiles: torch.Tensor, size: int, generator: torch.Generator) -> torch.Tensor:
    """Crops, flips and recolours photos: uint8 [n, 3, 64, 64] → float32 [n, 3, size, size], normalised."""
    n = len(tiles)
    area = _uniform(n, 0.5, 1.0, generator)
    stretch = torch.exp(_uniform(n, math.log(3 / 4), math.log(4 / 3), generator) / 2)
    width = (area.sqrt() * stretch).clamp(max=1)
    height = (area.sqrt() / stretch).clamp(max=1)
    shift_x = (1 - width) * _uniform(n, -1, 1, generator)
    shift_y = (1 - height) * _uniform(n, -1, 1, generator)
    flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    zero = torch.zeros(n)
    theta = torch.stack([width * flip, zero, shift_x, zero, height, shift_y], 1).view(n, 2, 3).to(tiles.device)
    seen = _sample(tiles.float(), theta, size, "border")
    return normalise(_recolour(seen, 0.3, generator))


def view_emoji(
    tiles: torch.Tensor, backgrounds: torch.Tensor, scenery: torch.Tensor, size: int, generator: torch.Generator
) -> torch.Tensor:
    """
    Turns, scales, flips and recolours emoji and lays part of them on colours or photos.

    tiles uint8 [n, 3, 64, 64], backgrounds bool [n, 1, 64, 64], scenery uint8 [n, 3, 64, 64] (photos for some of the
    backgrounds) → float32 [n, 3, size, size], normalised.
    """
    n = len(tiles)
    angle = torch.randn(n, generator=generator).clamp(-2.5, 2.5) * 0.17
    grow = torch.exp(_uniform(n, -0.35, 0.35, generator))
    stretch = torch.exp(_uniform(n, -0.15, 0.15, generator))
    flip = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    cos, sin = torch.cos(angle) * grow, torch.sin(angle) * grow
    room = (grow - 1).abs() * 0.8 + 0.08
    shift_x = room * _uniform(n, -1, 1, generator)
    shift_y = room * _uniform(n, -1, 1, generator)
    theta = torch.stack([cos * stretch * flip, -sin / stretch, shift_x, sin * flip * stretch, cos / stretch, shift_y], 1)
    # Inverted, so that the zeros beyond the edge mean white and background.
    stack = torch.cat([255 - tiles.float(), (~backgrounds).float() * 255], 1)
    seen = _sample(stack, theta.view(n, 2, 3).to(tiles.device), size, "zeros")
    drawing, cover = 255 - seen[:, :3], seen[:, 3:] / 255
    drawing = _recolour(drawing, 0.4, generator)
    is_grey = torch.rand(n, 1, 1, 1, generator=generator).to(tiles.device) < 0.08
    drawing = torch.where(is_grey, drawing.mean(1, keepdim=True), drawing)
    kind = torch.rand(n, 1, 1, 1, generator=generator).to(tiles.device)
    colour = torch.rand(n, 3, 1, 1, generator=generator).to(tiles.device) * 255
    pale = 255 - (255 - colour) * 0.3
    scene = F.interpolate(scenery.float(), size=(size, size), mode="bilinear", antialias=False)
    behind = torch.where(kind < 0.55, torch.full_like(colour, 255.0), torch.where(kind < 0.7, pale, colour))
    behind = torch.where(kind > 0.88, scene, behind.expand(-1, -1, size, size))
    # Where the drawing fades into white, the new background shows through by multiplication.
    laid = drawing * cover + (1 - cover) * behind * drawing / 255
    return normalise(laid.clamp(0, 255))


def _uniform(n: int, low: float, high: float, generator: torch.Generator) -> torch.Tensor:
    return torch.rand(n, generator=generator) * (high - low) + low


def _sample(pixels: torch.Tensor, theta: torch.Tensor, size: int, beyond: str) -> torch.Tensor:
    grid = F.affine_grid(theta, [len(pixels), 3, size, size], align_corners=False)
    return F.grid_sample(pixels, grid, mode="bilinear", padding_mode=beyond, align_corners=False)


def _recolour(pixels: torch.Tensor, strength: float, generator: torch.Generator) -> torch.Tensor:
    """Changes brightness, contrast, saturation and the balance of the channels by up to `strength`."""
    n = len(pixels)
    bright, contrast, saturation = (
        (1 + _uniform(n, -strength, strength, generator)).view(n, 1, 1, 1).to(pixels.device) for _ in range(3)
    )
    balance = 1 + ((torch.rand(n, 3, 1, 1, generator=generator) - 0.5) * strength * 0.5).to(pixels.device)
    grey = pixels.mean(1, keepdim=True)
    middle = grey.mean((2, 3), keepdim=True)
    coloured = grey + (pixels - grey) * saturation
    return ((middle + (coloured - middle) * contrast) * bright * balance).clamp_(0, 255)
