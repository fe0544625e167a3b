/** The drawing and the table as files, made in the browser. */

/** What styles say about marks; a file has no style sheet. */
const properties = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'transform',
  'display',
  'opacity',
];

/** Longest edge of a picture in pixels; browsers refuse larger canvases. */
const longestEdge = 16_000;

/** Hands a file to the reader. */
export function saveFile(name: string, file: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has its own hold on the bytes as soon as it has begun
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * The drawing as it looks now, in its true size, as an SVG file that needs nothing else. `shared` are definitions that the
 * drawing uses from elsewhere in the page; pictures in them become part of the file.
 */
export async function drawingFile(svg: SVGSVGElement, shared?: SVGDefsElement): Promise<Blob> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const marks = [...svg.querySelectorAll<SVGElement>('*')];
  [...copy.querySelectorAll<SVGElement>('*')].forEach((mark, index) => {
    const seen = getComputedStyle(marks[index] ?? svg);
    for (const name of properties) {
      const value = seen.getPropertyValue(name);
      if (value && value !== 'none' && name === 'transform' && mark.hasAttribute('transform')) continue;
      if (value && !(value === 'none' && !['fill', 'stroke', 'display'].includes(name)))
        mark.style.setProperty(name, value);
    }
    for (const name of ['role', 'tabindex', 'aria-expanded', 'aria-current', 'data-key'])
      mark.removeAttribute(name);
  });
  const [x = 0, y = 0, width = 0, height = 0] = (copy.getAttribute('viewBox') ?? '').split(' ').map(Number);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ x, y, width, height }))
    paper.setAttribute(name, String(value));
  paper.style.fill = getComputedStyle(document.body).backgroundColor;
  copy.prepend(paper);
  if (shared) copy.prepend(await withPictures(shared.cloneNode(true) as SVGDefsElement));
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' });
}

/** Puts the pictures that definitions refer to into them. */
async function withPictures(shared: SVGDefsElement): Promise<SVGDefsElement> {
  for (const image of shared.querySelectorAll('image')) {
    const answer = await fetch(image.getAttribute('href') ?? '');
    image.setAttribute('href', await dataAddress(await answer.blob()));
  }
  return shared;
}

function dataAddress(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('A picture could not be read.'));
    reader.readAsDataURL(bytes);
  });
}

/** The same as a PNG with two pixels for each of the drawing's. Rejects if the browser cannot paint it. */
export async function pictureFile(svg: SVGSVGElement, shared?: SVGDefsElement): Promise<Blob> {
  return paintedFile(await drawingFile(svg, shared));
}

/** An SVG file as a PNG with two pixels for each of the drawing's. Rejects if the browser cannot paint it. */
export async function paintedFile(drawing: Blob): Promise<Blob> {
  const address = URL.createObjectURL(drawing);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(2, longestEdge / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((file) => (file ? resolve(file) : reject(new Error('The canvas gave no picture.'))));
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}
