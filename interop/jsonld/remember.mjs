// Makes jsonld.js remember what it has processed. As it comes, it keeps a
// hundred contexts, ten processed ones behind each, and copies a whole one,
// terms and all, whenever it enters or leaves it. Mutated documents mix
// contexts, so next to nothing is ever found again.
//
// This changes what is copied and kept, nothing of what is concluded: active
// contexts and their terms never change once they are made.
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const util = require('jsonld/lib/util.js');
const context = require('jsonld/lib/context.js');
const ContextResolver = require('jsonld/lib/ContextResolver.js');
const ResolvedContext = require('jsonld/lib/ResolvedContext.js');

// Maps hold terms only.
const cloneValue = util.clone;
util.clone = value => value instanceof Map ? new Map(value) : cloneValue(value);

const MAX_RESOLVED = 10000;
let resolvedByKey = new Map();
ContextResolver.prototype._get = function(key) {
  return resolvedByKey.get(key);
};
ContextResolver.prototype._cacheResolvedContext = function({key, resolved}) {
  if(resolvedByKey.size >= MAX_RESOLVED) {
    resolvedByKey = new Map();
  }
  resolvedByKey.set(key, resolved);
  return resolved;
};

ResolvedContext.prototype.getProcessed = function(active) {
  return this.processed?.get(active);
};
ResolvedContext.prototype.setProcessed = function(active, processed) {
  (this.processed ??= new WeakMap()).set(active, processed);
};

// A context behind a context keeps its identity, so that what was processed
// from there is found again.
const bare = {previousContext: {value: undefined}, protected: {value: {}}};
const getInitialContext = context.getInitialContext;
context.getInitialContext = options => {
  const initial = getInitialContext(options);
  if(!initial.remembers) {
    const clone = initial.clone;
    initial.remembers = true;
    initial.clone = function() {
      const child = clone.call(Object.create(this, bare));
      child.protected = {...this.protected};
      if(this.previousContext) {
        child.previousContext = this.previousContext;
      }
      return child;
    };
    initial.revertToPreviousContext = function() {
      return this.previousContext ?? this;
    };
  }
  return initial;
};

// A context that is scoped to a type is processed in a copy that knows where
// it came from. The same one will do each time.
const scoped = new WeakMap();
const process = context.process;
context.process = args => {
  const {activeCtx, localCtx} = args;
  const plain = localCtx && localCtx.constructor === Object && !('@propagate' in localCtx) && !('@context' in localCtx);
  if(args.propagate !== false || activeCtx.previousContext || !plain) {
    return process(args);
  }
  let child = scoped.get(activeCtx);
  if(!child) {
    child = activeCtx.clone();
    child.previousContext = activeCtx;
    scoped.set(activeCtx, child);
  }
  return process({...args, activeCtx: child});
};
