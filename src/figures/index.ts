/** The figures by the name of their tag in MDX. Adding one is a line here and a folder beside this file. */
import Backbone from './backbone/Backbone.astro';
import BertLens from './bert-lens/BertLens.astro';
import DataRace from './data-race/DataRace.astro';
import Diagram from './diagrams/Diagram.astro';
import FeatureSpace from './feature-space/FeatureSpace.astro';
import FreezeLab from './freeze-lab/FreezeLab.astro';
import GptLens from './gpt-lens/GptLens.astro';
import ModelAtlas from './model-atlas/ModelAtlas.astro';
import OwnModel from './own-model/OwnModel.astro';
import ResnetLens from './resnet-lens/ResnetLens.astro';
import SentimentLab from './sentiment-lab/SentimentLab.astro';
import ShapeWalk from './shape-walk/ShapeWalk.astro';
import TensorBench from './tensor-bench/TensorBench.astro';

export const figures = {
  Backbone,
  BertLens,
  DataRace,
  Diagram,
  FeatureSpace,
  FreezeLab,
  GptLens,
  ModelAtlas,
  OwnModel,
  ResnetLens,
  SentimentLab,
  ShapeWalk,
  TensorBench,
};
