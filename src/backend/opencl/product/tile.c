#include "backend/opencl/product/tile.h"

#include "backend/opencl/thresholds.h"

onn_cl_tile onn_cl_tile_of(const onn_cl_device *d, onn_type type, bool few)
{
	const bool wide = onn_type_size(type) > 8;
	onn_cl_tile t = {16, ONN_CL_TILE_WORK, wide ? ONN_CL_TILE_DEPTH_WIDE : ONN_CL_TILE_DEPTH};

	/* from barrier to barrier: one item a group is a plain loop, whose tile lies in the nearest
	 * cache */
	if (d->serial_items)
		return (onn_cl_tile){
		    1, ONN_CL_TILE_WORK_CPU, ONN_CL_TILE_DEPTH_CPU / onn_type_size(type)};
	while (t.edge > 1 && (t.edge * t.edge > d->group || t.edge > d->rows))
		t.edge = t.edge == 4 ? 1 : t.edge / 2;
	/* 4 x 4 numbers of 16 bytes are more registers than a GPU has for enough work items */
	if (few || wide)
		t.work = ONN_CL_TILE_WORK_FEW;
	return t;
}
