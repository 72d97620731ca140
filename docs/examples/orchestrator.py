"""An orchestrator that Vigiles follows and steers: VIGILES_URL=… VIGILES_TOKEN=… python3 orchestrator.py SESSION"""
import json, os, sys, threading, time, urllib.error, urllib.request, uuid

BASE = f"{os.environ['VIGILES_URL']}/api/v1/sessions"
SESSION = sys.argv[1]
go_on = threading.Event()
go_on.set()
def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {os.environ['VIGILES_TOKEN']}", "content-type": "application/json"}
    while True:  # asks again while there is no answer; what is sent carries an id, so it counts once
        try:
            with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method), timeout=40) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code < 500 and refused.code != 429:
                raise
        except OSError:
            pass
        time.sleep(1)
def emit(kind, **data):
    call("POST", f"/{SESSION}/events", {"events": [{"type": kind, "data": data, "local_id": uuid.uuid4().hex}]})
def obey(epoch):
    while True:
        for command in call("GET", f"/{SESSION}/commands?wait=25&having=&epoch={epoch}")["commands"]:
            known = {"HALT": go_on.clear, "RESUME": go_on.set}.get(command["type"])
            if known: known()
            ack = {"state": "applied", "evidence": {"pid": os.getpid(), "stands_still": not go_on.is_set()}} if known else {"state": "failed", "note": "not known here"}
            call("POST", f"/{SESSION}/commands/{command['command_id']}/ack", {"epoch": epoch, **ack})

try: call("POST", "", {"session_id": SESSION, "metadata": {"title": "Three steps"}})
except urllib.error.HTTPError as known: assert known.code == 409  # it is there already
lease = call("POST", f"/{SESSION}/lease", {"holder": "orchestrator.py", "idempotent": ["HALT", "RESUME"]})
threading.Thread(target=obey, args=(lease["epoch"],), daemon=True).start()
asked = call("POST", f"/{SESSION}/decisions", {"decision_id": uuid.uuid4().hex, "question": "How many steps?", "options": ["1", "3"]})
while asked["state"] == "pending": asked = call("GET", f"/{SESSION}/decisions/{asked['decision_id']}?wait=25")
for step in range(int(asked["resolution"]["choice"])):
    go_on.wait()  # a HALT takes hold between two steps
    emit("skill:started", skill_name=f"step {step + 1}"); time.sleep(0.2); emit("skill:completed", skill_name=f"step {step + 1}", duration=0.2)
emit("execution:completed")
