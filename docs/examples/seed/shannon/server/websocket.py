"""The session server's first Python functions, spoken to a Vigiles elsewhere; standard library only.

PYTHONPATH=docs/examples/seed VIGILES_URL=… VIGILES_TOKEN=… VIGILES_SESSION=… python3 your_orchestrator.py
Programs written for the first server run as they are: what they emit is stored and shown, and the handlers they register are called.
"""
import asyncio, datetime, enum, inspect, json, os, time, urllib.error, urllib.parse, urllib.request, uuid

class ExecutionState(str, enum.Enum):
    RUNNING = "running"
    HALTED = "halted"
    COMPLETED = "completed"
    FAILED = "failed"

def _ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {os.environ['VIGILES_TOKEN']}", "content-type": "application/json"}
    while True:  # asks again while there is no answer; what is sent carries an id, so it counts once
        try:
            request = urllib.request.Request(os.environ["VIGILES_URL"] + path, data, headers, method=method)
            with urllib.request.urlopen(request, timeout=40) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code < 500 and refused.code != 429:
                raise RuntimeError(json.load(refused).get("error", str(refused))) from None
        except OSError:
            pass
        time.sleep(1)

async def _call(*what):
    return await asyncio.to_thread(_ask, *what)

def _session(session_id):
    return urllib.parse.quote(session_id or os.environ["VIGILES_SESSION"], safe="")

async def _emit(event_type, data, session_id=None):
    events = [{"type": event_type, "data": data, "local_id": uuid.uuid4().hex}]
    await _call("POST", f"/api/v1/sessions/{_session(session_id)}/events", {"events": events})

emit_skill_event = emit_file_event = emit_decision_event = emit_validation_event = emit_agent_event = _emit
emit_checkpoint_event = emit_execution_event = emit_progress_event = _emit

class _ConnectionManager:
    def __init__(self):
        self._handlers, self._obeying = {}, None

    def register_command_handler(self, command_type, handler):
        """Called for each command of this type; what it raises is told as a failure. Within a running event loop."""
        self._handlers[command_type.upper()] = handler
        self._obeying = self._obeying or asyncio.get_running_loop().create_task(self._obey())

    async def get_execution_state(self):
        status = (await _call("GET", f"/api/v1/sessions/{_session(None)}"))["status"]
        return ExecutionState("running" if status == "created" else status)

    async def _obey(self):
        base = f"/api/v1/sessions/{_session(None)}"
        epoch = (await _call("POST", base + "/lease", {"holder": f"python {os.getpid()}"}))["epoch"]
        while True:
            for command in (await _call("GET", f"{base}/commands?wait=25&having=&epoch={epoch}"))["commands"]:
                ack = await self._carry_out(command)
                await _call("POST", f"{base}/commands/{command['command_id']}/ack", {"epoch": epoch, **ack})

    async def _carry_out(self, command):
        handler = self._handlers.get(command["type"])
        if handler is None:
            return {"state": "failed", "note": "nothing is registered for it"}
        try:
            given = handler(**command["args"]) if inspect.signature(handler).parameters else handler()
            if inspect.isawaitable(given):
                await given
        except Exception as thrown:
            return {"state": "failed", "note": f"{type(thrown).__name__}: {thrown}"[:500]}
        return {"state": "applied", "evidence": {"pid": os.getpid(), "handler": handler.__name__}}

conn_manager = _ConnectionManager()

async def get_connection_stats():
    sessions = (await _call("GET", "/api/v1/sessions?limit=500"))["sessions"]
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "total_connections": (await _call("GET", "/health"))["connected_clients"],
        "sessions": {one["session_id"]: one["watchers"] for one in sessions if one["watchers"] > 0},
        "timestamp": now,
    }
