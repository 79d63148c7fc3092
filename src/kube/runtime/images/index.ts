import { fillCatalogue } from '../catalogue.ts';
import type { ImageProgram } from '../program.ts';
import { agnhost, livenessImage } from './agnhost.ts';
import { assumedImage } from './assumed.ts';
import { busybox, curlImage, distributions, pause } from './busybox.ts';
import { classroomImages } from './classroom.ts';
import { mariadb, mongo, mysql, postgres, redis } from './databases.ts';
import { ingressNginxImages } from './ingress-nginx.ts';
import { e2eImages } from './e2e.ts';
import { bookImages, helloWorld, languageImages } from './languages.ts';
import { nginx } from './nginx.ts';
import { pageImages } from './pages.ts';
import { webImages } from './web.ts';

/** Every image whose behaviour is known. New image = one file (or one line in a table) and one line here. */
export const images: readonly ImageProgram[] = [
  nginx,
  busybox,
  ...distributions,
  curlImage,
  pause,
  ...classroomImages,
  redis,
  postgres,
  mysql,
  mariadb,
  mongo,
  agnhost,
  livenessImage,
  ...e2eImages,
  ...webImages,
  ...pageImages,
  ...languageImages,
  helloWorld,
  ...ingressNginxImages,
  ...bookImages,
];

fillCatalogue(images, assumedImage);
