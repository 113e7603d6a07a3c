import shared from '@eventstore/db-client/generated/shared_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresRpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import streamsRpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

// Acknowledges appends and stores nothing: what a client can do at most.

type Request = InstanceType<typeof streams.BatchAppendReq>;
type Response = InstanceType<typeof streams.BatchAppendResp>;

let position = 0;
const server = new Server();
const serve = (service: object, handlers: object) =>
  server.addService(service as ServiceDefinition, handlers as UntypedServiceImplementation);
serve(featuresRpc.ServerFeaturesService, {
  getSupportedMethods(_: unknown, answer: sendUnaryData<InstanceType<typeof features.SupportedMethods>>) {
    const method = new features.SupportedMethod();
    method.setServiceName('event_store.client.streams.streams');
    method.setMethodName('batchappend');
    const methods = new features.SupportedMethods();
    methods.setEventStoreServerVersion('24.6.0');
    methods.addMethods(method);
    answer(null, methods);
  },
});
serve(
  { batchAppend: streamsRpc.StreamsService.batchAppend },
  {
    batchAppend(call: ServerDuplexStream<Request, Response>) {
      call.on('data', (request: Request) => {
        position += 1;
        const response = new streams.BatchAppendResp();
        response.setCorrelationId(request.getCorrelationId());
        const success = new streams.BatchAppendResp.Success();
        success.setCurrentRevision(String(position));
        const at = new shared.AllStreamPosition();
        at.setCommitPosition(String(position));
        at.setPreparePosition(String(position));
        success.setPosition(at);
        response.setSuccess(success);
        call.write(response);
      });
      call.on('end', () => call.end());
    },
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => {
  process.stdout.write(`${JSON.stringify({ eventStore: `esdb://127.0.0.1:${port}?tls=false` })}\n`);
});
process.once('disconnect', () => process.exit());
