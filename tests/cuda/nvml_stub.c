/* A library libnvidia-ml.so.1 that reports GPUs which do not exist.
 *
 * It has the functions of NVIDIA's management library that pynvml, distributed, dask-cuda and posepipe call. The number
 * of GPUs is read from the environment variable STUB_GPUS. GPU i is 30 + 10 i percent busy and has 50 + 15 i degrees.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_ARGUMENT = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6 };
enum { MAX_GPUS = 16 };

typedef struct { unsigned number; } Device;
typedef struct { unsigned long long total, free, used; } Memory;
typedef struct { unsigned gpu, memory; } Utilization;

static Device devices[MAX_GPUS];
static const char uuid_format[] = "GPU-00000000-0000-0000-0000-%012u";

static unsigned count(void) {
    const char *given = getenv("STUB_GPUS");
    int number = given ? atoi(given) : 0;
    return number < 0 ? 0 : number > MAX_GPUS ? MAX_GPUS : (unsigned)number;
}

int nvmlInitWithFlags(unsigned flags) {
    (void)flags;
    for (unsigned i = 0; i < MAX_GPUS; i++) devices[i].number = i;
    return SUCCESS;
}
int nvmlInit_v2(void) { return nvmlInitWithFlags(0); }
int nvmlShutdown(void) { return SUCCESS; }
const char *nvmlErrorString(int code) { (void)code; return "error of the stub"; }

int nvmlSystemGetDriverVersion(char *text, unsigned size) {
    snprintf(text, size, "580.00");
    return SUCCESS;
}
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 13000; return SUCCESS; }

int nvmlDeviceGetCount_v2(unsigned *number) { *number = count(); return SUCCESS; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, Device **device) {
    if (index >= count()) return INVALID_ARGUMENT;
    *device = &devices[index];
    return SUCCESS;
}
int nvmlDeviceGetHandleByUUID(const char *uuid, Device **device) {
    char own[64];
    for (unsigned i = 0; i < count(); i++) {
        snprintf(own, sizeof own, uuid_format, i);
        if (strcmp(own, uuid) == 0) {
            *device = &devices[i];
            return SUCCESS;
        }
    }
    return NOT_FOUND;
}
int nvmlDeviceGetIndex(Device *device, unsigned *index) { *index = device->number; return SUCCESS; }
int nvmlDeviceGetUUID(Device *device, char *text, unsigned size) {
    snprintf(text, size, uuid_format, device->number);
    return SUCCESS;
}
int nvmlDeviceGetName(Device *device, char *text, unsigned size) {
    snprintf(text, size, "Stub GPU %u", device->number);
    return SUCCESS;
}

int nvmlDeviceGetMemoryInfo(Device *device, Memory *memory) {
    (void)device;
    memory->total = 80ULL << 30;
    memory->used = 8ULL << 30;
    memory->free = memory->total - memory->used;
    return SUCCESS;
}
int nvmlDeviceGetUtilizationRates(Device *device, Utilization *rates) {
    rates->gpu = 30 + 10 * device->number;
    rates->memory = 20;
    return SUCCESS;
}
int nvmlDeviceGetTemperature(Device *device, int sensor, unsigned *degrees) {
    (void)sensor;
    *degrees = 50 + 15 * device->number;
    return SUCCESS;
}
int nvmlDeviceGetTemperatureThreshold(Device *device, int kind, unsigned *degrees) {
    (void)device, (void)kind;
    *degrees = 84;
    return SUCCESS;
}
int nvmlDeviceGetCpuAffinity(Device *device, unsigned words, unsigned long *mask) {
    (void)device;
    memset(mask, 0, words * sizeof *mask);
    mask[0] = 3; /* the first two cores */
    return SUCCESS;
}

int nvmlDeviceGetMigMode(Device *device, unsigned *now, unsigned *pending) {
    (void)device;
    *now = *pending = 0;
    return NOT_SUPPORTED;
}
int nvmlDeviceGetMaxMigDeviceCount(Device *device, unsigned *number) { (void)device; *number = 0; return SUCCESS; }
int nvmlDeviceIsMigDeviceHandle(Device *device, unsigned *answer) { (void)device; *answer = 0; return SUCCESS; }

static int no_processes(unsigned *number) { *number = 0; return SUCCESS; }
int nvmlDeviceGetComputeRunningProcesses(Device *d, unsigned *n, void *p) { (void)d, (void)p; return no_processes(n); }
int nvmlDeviceGetComputeRunningProcesses_v2(Device *d, unsigned *n, void *p) { (void)d, (void)p; return no_processes(n); }
int nvmlDeviceGetComputeRunningProcesses_v3(Device *d, unsigned *n, void *p) { (void)d, (void)p; return no_processes(n); }
