/** An SVG that has a size in pixels. */
export interface SizedSvg {
  /** The drawing with width and height on its root element, without which browsers give it none. */
  source: string;
  width: number;
  height: number;
}

/** Whether the bytes are an SVG drawing. */
export function isSvg(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 4096)).trimStart();
  return start.startsWith('<') && /<svg[\s>]/i.test(start);
}

/**
 * The drawing scaled so that its longer side is `longerSidePx`. Its proportions come from viewBox, else from width and
 * height, else it is taken as square.
 */
export function sizeSvg(source: string, longerSidePx: number): SizedSvg {
  const root = /<svg\b(?:"[^"]*"|'[^']*'|[^'">])*>/i.exec(source);
  if (!root) return { source, width: longerSidePx, height: longerSidePx };
  const [tag] = root;
  const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`, 'i').exec(tag)?.[1];
  const viewBox = attribute('viewBox')
    ?.trim()
    .split(/[\s,]+/)
    .map(Number);
  const ownWidth = Number.parseFloat(attribute('width') ?? '');
  const ownHeight = Number.parseFloat(attribute('height') ?? '');
  const boxWidth = viewBox?.[2] ?? ownWidth;
  const boxHeight = viewBox?.[3] ?? ownHeight;
  const hasProportions = boxWidth > 0 && boxHeight > 0;
  const longer = hasProportions ? Math.max(boxWidth, boxHeight) : 1;
  const side = (length: number) => Math.max(1, Math.round((length / longer) * longerSidePx));
  const width = hasProportions ? side(boxWidth) : longerSidePx;
  const height = hasProportions ? side(boxHeight) : longerSidePx;

  let sized = tag.replace(/\s(?:width|height)\s*=\s*(?:"[^"]*"|'[^']*')/gi, '');
  // Without a viewBox, a new size would crop the drawing in place of scaling it.
  const box = !viewBox && hasProportions ? ` viewBox="0 0 ${ownWidth} ${ownHeight}"` : '';
  sized = sized.replace(/^<svg/i, `$& width="${width}" height="${height}"${box}`);
  return {
    source: source.slice(0, root.index) + sized + source.slice(root.index + tag.length),
    width,
    height,
  };
}
