import { connectRaw, type RawSocket } from './raw-socket.ts';

/**
 * A Socket.IO client that only cuts: packets of Engine.IO and Socket.IO are said by hand. Subscribed when it resolves; `heard` gets
 * the packets of the events that follow, each `42["name",argument]`.
 */
export async function subscribeRaw(
  { url, token }: { url: string; token: string },
  wish: object,
  heard: (packet: string) => void,
): Promise<RawSocket> {
  const subscribed = Promise.withResolvers<void>();
  const socket = await connectRaw(url, '/socket.io/?EIO=4&transport=websocket', token, (text, own) => {
    if (text.startsWith('0{')) own.say('40');
    else if (text === '2') own.say('3');
    else if (text.startsWith('42["connected')) own.say(`42${JSON.stringify(['subscribe', wish])}`);
    else if (text.startsWith('42["subscribed')) subscribed.resolve();
    else if (text.startsWith('42')) heard(text);
  });
  await subscribed.promise;
  return socket;
}
