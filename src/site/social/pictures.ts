/** The drawing behind a shared link: the backbone, ice where weights stay, ember where they move. */

/** Colours of the light theme (src/site/styles/tokens.css); a picture file cannot read custom properties. */
const COLOUR = {
  paper: '#f9fbfc',
  ink: '#171f26',
  rule: '#d5dadc',
  iceFill: '#dcf1f9',
  iceSide: '#abdaec',
  iceLine: '#1b6c8e',
  emberFill: '#ffead8',
  emberSide: '#fcbf92',
  emberLine: '#b94705',
};

/** Blocks of the backbone: height in cells and channels, as in `resnet-mixed`. */
const BLOCKS = [
  { height: 16, channels: 32 },
  { height: 16, channels: 32 },
  { height: 16, channels: 32 },
  { height: 8, channels: 64 },
  { height: 8, channels: 64 },
  { height: 4, channels: 128 },
  { height: 4, channels: 128 },
  { height: 2, channels: 256 },
  { height: 2, channels: 256 },
];

/** File name of the picture for a page, given its path inside the site ("course/idea/"); pages without one share the first. */
export function pictureFile(inside: string): string {
  const chapter = /^course\/([a-z0-9-]+)\/$/.exec(inside)?.[1];
  return chapter ? `course-${chapter}.png` : 'home.png';
}

/** Returns the picture without words as SVG, 1200 × 630; `thawed` blocks at the end of the backbone are trainable. */
export function drawPicture(thawed: number): string {
  const parts: string[] = [];
  let x = 72;
  BLOCKS.forEach(({ height, channels }, index) => {
    const face = height ** 0.4 * 27;
    const depth = channels ** 0.62 * 3.1;
    const trainable = index >= BLOCKS.length - thawed;
    parts.push(trainable ? drawTrainable(x, 556, face, depth) : drawFrozen(x, 556, face, depth));
    x += face + depth * 0.8 + 12;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630" viewBox="0 0 1200 630">` +
    `<defs><pattern id="lattice" width="12" height="20.8" patternUnits="userSpaceOnUse"><path d="M0 0 12 20.8M12 0 0 20.800M0 10.400H12" stroke="${COLOUR.iceLine}" stroke-width=".9" opacity=".5" fill="none"/></pattern></defs>` +
    `<rect width="1200" height="630" fill="${COLOUR.paper}"/>` +
    `<rect x="72" y="132" width="1056" height="4" fill="${COLOUR.ink}"/>` +
    `<rect x="72" y="556" width="1056" height="2" fill="${COLOUR.rule}"/>` +
    `<g transform="translate(72 54) scale(2.1)">${drawLogo()}</g>${parts.join('')}</svg>`
  );
}

/** The logo on a 24-unit grid: half a hexagon (frozen), half a circle (thawed). */
export function drawLogo(): string {
  return (
    `<path d="M12 2 3.300 7v10L12 22" fill="${COLOUR.iceFill}" stroke="${COLOUR.iceLine}" stroke-width="1.800"/>` +
    `<path d="M12 2v20M3.300 7 12 12M3.300 17 12 12" fill="none" stroke="${COLOUR.iceLine}" stroke-width="1.300"/>` +
    `<path d="M12 2c6.500 0 9.600 5.200 9.600 10S18.500 22 12 22" fill="${COLOUR.emberFill}" stroke="${COLOUR.emberLine}" stroke-width="1.800"/>` +
    `<path d="M12 8.200q2.300-2 4.600 0t4.400 0M12 12.200q2.400-2 4.800 0t4.800 0M12 16.200q2.300-2 4.600 0t3.600 0" fill="none" stroke="${COLOUR.emberLine}" stroke-width="1.300"/>`
  );
}

/** The logo as a file of its own, on paper if asked (home screens paint black behind transparent pictures). */
export function drawIcon(sizePx: number, onPaper: boolean): string {
  const inset = onPaper ? 4 : 0;
  const side = 24 + inset * 2;
  const ground = onPaper
    ? `<rect x="${-inset}" y="${-inset}" width="${side}" height="${side}" fill="${COLOUR.paper}"/>`
    : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${sizePx}" viewBox="${-inset} ${-inset} ${side} ${side}">${ground}${drawLogo()}</svg>`;
}

function drawFrozen(x: number, y: number, face: number, depth: number): string {
  const [dx, dy] = [depth * 0.8, -depth * 0.44];
  const top = `M${x} ${y - face}L${x + dx} ${y - face + dy}H${x + face + dx}L${x + face} ${y - face}Z`;
  const side = `M${x + face} ${y}L${x + face + dx} ${y + dy}V${y - face + dy}L${x + face} ${y - face}Z`;
  return (
    `<path d="${top}" fill="${COLOUR.iceFill}"/><path d="${side}" fill="${COLOUR.iceSide}"/><path d="${top}${side}" fill="url(#lattice)"/>` +
    `<path d="${top}${side}" fill="none" stroke="${COLOUR.iceLine}" stroke-width="2.4"/>` +
    `<rect x="${x}" y="${y - face}" width="${face}" height="${face}" fill="${COLOUR.iceFill}" stroke="${COLOUR.iceLine}" stroke-width="2.4"/>`
  );
}

/** A round face swept along a wave: outline first, then the body, then the face. */
function drawTrainable(x: number, y: number, face: number, depth: number): string {
  const steps = 40;
  const waves = Math.max(1, Math.round(depth / 26)) * 2 * Math.PI;
  const radius = Math.min(12, face * 0.28);
  const box = (share: number, extra: string): string => {
    const left = x + depth * 0.8 * share;
    const top = y - face - depth * 0.44 * share + 2.6 * Math.sin(share * waves);
    return `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" width="${face}" height="${face}" rx="${radius}" ${extra}/>`;
  };
  const sweep = Array.from({ length: steps + 1 }, (_, index) => box(1 - index / steps, '')).join('');
  return (
    `<g fill="${COLOUR.emberLine}" stroke="${COLOUR.emberLine}" stroke-width="4.4">${sweep}</g><g fill="${COLOUR.emberSide}">${sweep}</g>` +
    box(0, `fill="${COLOUR.emberFill}" stroke="${COLOUR.emberLine}" stroke-width="2.6"`)
  );
}
