import { fillCatalogue } from '../catalogue.ts';
import type { ImageProgram } from '../program.ts';
import { assumedImage } from './assumed.ts';
import { busybox, curlImage, distributions, pause } from './busybox.ts';
import { nginx } from './nginx.ts';

/** Every image whose behaviour is known. New image = one file and one line here. */
export const images: readonly ImageProgram[] = [nginx, busybox, ...distributions, curlImage, pause];

fillCatalogue(images, assumedImage);
