const o=7670,r=[7670],s={5289:((d,t,e)=>{e.d(t,{EventStreamSerde:()=>_.M3,eventStreamSerdeProvider:()=>_.JM});var _=e(8787)})};export{o as id,r as ids,s as modules};
