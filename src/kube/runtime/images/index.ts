import { fillCatalogue } from '../catalogue.ts';
import type { ImageProgram } from '../program.ts';
import { assumedImage } from './assumed.ts';
import { nginx } from './nginx.ts';

/** Every image whose behaviour is known. New image = one file and one line here. */
export const images: readonly ImageProgram[] = [nginx];

fillCatalogue(images, assumedImage);
