/**
 * What the model atlas says about a network, as plain data: its boxes from stages down to operators, with shapes and
 * costs. Made from the ONNX file by `describeAtlas` (describe-atlas.ts).
 */

import type { InputSpec } from '../engine/registry/manifest.ts';
import type { TextInputSpec } from '../engine/registry/text-manifest.ts';

/** A dimension: a size, or the name of one that is only known at run time. */
export type Size = number | string;

/** A value that travels along an edge. */
export interface AtlasValue {
  /** Element type as ONNX writes it, such as `float32`; absent when unknown. */
  dtype?: string;
  /** For one example: the batch axis is left out. Absent when unknown. */
  shape?: Size[];
}

/** A tensor that is stored in the file and read by an operator. */
export interface AtlasWeight {
  name: string;
  dtype: string;
  shape: number[];
}

export interface AtlasBox {
  /** Unique in the network. */
  id: string;
  label: string;
  /** A kind of box as src/engine/onnx/blocks-tree.ts tells them apart; `operator` opens to nothing. */
  kind: string;
  /** The box that opens to this one; absent on the first level. */
  parent?: string;
  /** How many operators are in it; 1 for an operator. */
  operators: number;
  /** Values that come from other boxes or from the network's inputs. */
  inputs: string[];
  /** Values that others take from it. */
  outputs: string[];
  /** Trainable weights. */
  parameters: number;
  /** Multiply-accumulate operations for one example. */
  macs: number;
  /** Bytes of all tensors that it computes for one example. */
  activationBytes: number;
  /** Edge in pixels of what one value of the output depends on, borders left out of account. */
  receptiveField?: number;
  /** Attention heads. */
  heads?: number;
  /** Of an operator: its ONNX type, its name in the file, its settings, and the tensors that it reads from the file. */
  op?: string;
  node?: string;
  attributes?: [name: string, value: string][];
  weights?: AtlasWeight[];
  /** What training may change in it: name and number of weights; an operator may share them with another. */
  trains?: [name: string, count: number][];
}

/** Where a bundled network's file lies, and how it wants its pictures. */
export interface NetworkSource {
  /** Below the site's base. */
  path: string;
  sizeBytes: number;
  /** Absent for networks that look at no pictures. */
  picture?: InputSpec;
  /** How a language network wants its texts, and where its vocabulary lies below the site's base. */
  text?: { input: TextInputSpec; vocabulary: string };
  /** Names of the classes, in output order. */
  classes: string[];
}

export interface AtlasNetwork {
  /** Of a bundled network. */
  source?: NetworkSource;
  id: string;
  title: string;
  fileBytes: number;
  parameters: number;
  macs: number;
  activationBytes: number;
  inputs: string[];
  outputs: string[];
  values: Record<string, AtlasValue>;
  /** A box stands before what it opens to; siblings in the order in which they run. */
  boxes: AtlasBox[];
}
