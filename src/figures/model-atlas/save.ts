/** The drawing and the table as files. */
import { drawingFile, pictureFile, saveFile } from '../kit/save.ts';
import { toCsv } from './csv.ts';
import { tableRows, type AtlasState } from './model.ts';

/** Saves the table or the drawing in the form asked for; `fail` is called where the browser cannot paint it. */
export function saveAtlas(
  kind: 'csv' | 'svg' | 'png',
  { network, sort }: Pick<AtlasState, 'network' | 'sort'>,
  map: SVGSVGElement | null,
  fail: () => void,
): void {
  const save = (ending: string, file: Blob): void => saveFile(`${network.id}${ending}`, file);
  if (kind === 'csv')
    save('-operators.csv', new Blob([toCsv(network, tableRows({ network, sort }))], { type: 'text/csv' }));
  else if (map)
    (kind === 'svg' ? drawingFile : pictureFile)(map).then((file) => save(`.${kind}`, file), fail);
}
