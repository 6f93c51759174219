import { isAlreadyExists } from './api/errors.ts';
import type { ObjectApi } from './api/object-api.ts';
import { EVENTS } from './api/resource.ts';
import type { EventApi } from './cluster.ts';
import { coreEvent } from './core-event.ts';
import { objectEvent } from './views/object-event.ts';

/** The Events of the API server. */
export function liveEvents(objects: ObjectApi): EventApi {
  return {
    listEvents: ({ namespace, uid }) =>
      objects.list(EVENTS, namespace, { fieldSelector: `involvedObject.uid=${uid}` }, objectEvent),
    createEvent: async (event) => {
      try {
        await objects.create(EVENTS, coreEvent(event));
      } catch (err) {
        if (!isAlreadyExists(err)) throw err;
      }
    },
  };
}
